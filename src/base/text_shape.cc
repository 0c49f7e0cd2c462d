#include "base/text_shape.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <utility>

namespace daedalus {
namespace {

using nlohmann::json;

constexpr std::array<std::pair<TextType, const char*>, 5> kScalars{{{kTextBigint, "BIGINT"},
                                                                    {kTextDouble, "DOUBLE"},
                                                                    {kTextBoolean, "BOOLEAN"},
                                                                    {kTextDate, "DATE"},
                                                                    {kTextTimestamp, "TIMESTAMP"}}};

std::string quoted_name(const std::string& name) {
  std::string quoted = "\"";
  for (const char c : name) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
  return quoted + "\"";
}

}  // namespace

void TextShape::add_scalar(std::uint8_t types) {
  has_scalar_ = true;
  types_ &= types;
}

void TextShape::add_number(std::string_view text) {
  const std::uint8_t types = types_of_json_number(text);
  add_scalar(types);
  has_other_numbers_ = has_other_numbers_ || (types & kTextBigint) == 0;
}

TextShape& TextShape::add_list() {
  if (element_.empty()) element_.emplace_back();
  return element_.front();
}

void TextShape::add_object() { is_object_ = true; }

TextShape& TextShape::field(const std::string& name) { return fields_[name]; }

void TextShape::merge(const TextShape& other) {
  has_scalar_ = has_scalar_ || other.has_scalar_;
  types_ &= other.types_;
  has_other_numbers_ = has_other_numbers_ || other.has_other_numbers_;
  is_object_ = is_object_ || other.is_object_;
  for (const TextShape& element : other.element_) add_list().merge(element);
  for (const auto& [name, shape] : other.fields_) fields_[name].merge(shape);
}

bool TextShape::is_mixed() const {
  return int{has_scalar_} + int{!element_.empty()} + int{is_object_} > 1;
}

std::string TextShape::type() const {
  if (!has_values()) return kNoValues;
  if (is_mixed()) return "VARCHAR";
  if (!element_.empty()) return element_.front().type_held() + "[]";
  if (is_object_) {
    std::string fields;
    for (const auto& [name, shape] : fields_)
      fields += (fields.empty() ? "" : ", ") + quoted_name(name) + " " + shape.type_held();
    return fields.empty() ? "VARCHAR" : "STRUCT(" + fields + ")";
  }
  for (const auto& [bit, name] : kScalars) {
    if ((types_ & bit) != 0) return name;
  }
  return "VARCHAR";
}

std::string TextShape::transform() const {
  const auto structure = [](const auto& self, const TextShape& shape) -> json {
    if (shape.element() != nullptr) return json::array({self(self, *shape.element())});
    if (!shape.has_struct()) return "VARCHAR";
    json fields = json::object();
    for (const auto& [name, field] : shape.fields()) fields[name] = self(self, field);
    return fields;
  };
  return structure(structure, *this).dump();
}

bool TextShape::has_other_numbers() const {
  return has_other_numbers_ || std::ranges::any_of(element_, &TextShape::has_other_numbers) ||
         std::ranges::any_of(fields_,
                             [](const auto& field) { return field.second.has_other_numbers(); });
}

std::string TextShape::type_held() const { return has_values() ? type() : "VARCHAR"; }

const TextShape* TextShape::element() const {
  return element_.empty() || is_mixed() ? nullptr : &element_.front();
}

bool TextShape::fits(const TextShape& known) const {
  TextShape both = known;
  both.merge(*this);
  return !known.has_values() || both.type() == known.type();
}

namespace {

json written(const std::string& text) { return json::parse(text); }

}  // namespace

std::string TextShape::to_json() const {
  json object = json::object();
  if (has_scalar_) object["scalar"] = types_;
  if (has_other_numbers_) object["other_numbers"] = true;
  if (!element_.empty()) object["list"] = written(element_.front().to_json());
  if (is_object_) {
    object["object"] = json::object();
    for (const auto& [name, shape] : fields_) object["object"][name] = written(shape.to_json());
  }
  return object.dump();
}

std::optional<TextShape> TextShape::from_json(const std::string& text) {
  const json object = json::parse(text, nullptr, false);
  if (!object.is_object()) return {};
  TextShape shape;
  for (const auto& [key, value] : object.items()) {
    if (key == "scalar" && value.is_number_unsigned()) {
      shape.add_scalar(static_cast<std::uint8_t>(value.get<unsigned>() & kTextAny));
    } else if (key == "other_numbers") {
      shape.has_other_numbers_ = true;
    } else if (key == "list") {
      const auto element = from_json(value.dump());
      if (!element) return {};
      shape.add_list() = *element;
    } else if (key == "object" && value.is_object()) {
      shape.add_object();
      for (const auto& [name, field] : value.items()) {
        const auto inner = from_json(field.dump());
        if (!inner) return {};
        shape.field(name) = *inner;
      }
    } else {
      return {};
    }
  }
  return shape;
}

std::optional<TextShape> shape_of_scalar(const std::string& type) {
  TextShape shape;
  if (type == "VARCHAR") {
    shape.add_scalar(0);
    return shape;
  }
  for (const auto& [bit, name] : kScalars) {
    if (type != name) continue;
    shape.add_scalar(bit);
    return shape;
  }
  return {};
}

}  // namespace daedalus

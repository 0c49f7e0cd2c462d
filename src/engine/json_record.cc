#include "engine/json_record.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <utility>

namespace daedalus {
namespace {

using nlohmann::json;

std::string lower_case(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return lower;
}

// Walks over a record; what is derived from it does with its values what it wants.
class RecordReader : public nlohmann::json_sax<json> {
 public:
  bool null() override { return on_null(); }
  bool boolean(bool value) override { return on_boolean(value); }
  bool number_integer(number_integer_t value) override { return on_number(std::to_string(value)); }
  bool number_unsigned(number_unsigned_t value) override {
    return on_number(std::to_string(value));
  }
  bool number_float(number_float_t /*value*/, const string_t& text) override {
    return on_number(text);
  }
  bool string(string_t& value) override { return on_string(value); }
  bool binary(binary_t& /*value*/) override { return false; }
  bool start_object(std::size_t /*size*/) override { return on_open(false); }
  bool start_array(std::size_t /*size*/) override { return on_open(true); }
  bool end_object() override { return on_close(); }
  bool end_array() override { return on_close(); }
  bool parse_error(std::size_t /*position*/, const std::string& /*token*/,
                   const nlohmann::detail::exception& /*error*/) override {
    return fail("is not valid JSON");
  }

  [[nodiscard]] const std::string& problem() const { return problem_; }

 protected:
  virtual bool on_null() = 0;
  virtual bool on_boolean(bool value) = 0;
  virtual bool on_number(const std::string& text) = 0;
  virtual bool on_string(const std::string& text) = 0;
  virtual bool on_open(bool list) = 0;
  virtual bool on_close() = 0;

  bool fail(std::string problem) {
    if (problem_.empty()) problem_ = std::move(problem);
    return false;
  }

 private:
  std::string problem_;
};

// Adds shapes. A place is an object or list that is open; what nobody wants has none.
class ShapeReader final : public RecordReader {
 public:
  ShapeReader(const std::set<std::string>& wanted, JsonShapes& shapes)
      : wanted_(wanted), shapes_(shapes) {}

  bool key(string_t& name) override {
    Place& place = places_.back();
    if (!place.keys.insert(name).second) return fail("has the key '" + name + "' twice");
    if (places_.size() == 1) {
      if (shapes_.names.size() < JsonShapes::kMostNames) shapes_.names.insert(name);
      next_ = wanted_.contains(lower_case(name)) ? &shapes_.columns[name] : nullptr;
    } else {
      next_ = place.shape != nullptr ? &place.shape->field(name) : nullptr;
    }
    return true;
  }

 private:
  struct Place {
    TextShape* shape = nullptr;
    bool list = false;
    std::set<std::string> keys;
  };

  // Of the value that comes now.
  [[nodiscard]] TextShape* shape() const {
    if (!places_.empty() && places_.back().list) return places_.back().shape;
    return next_;
  }
  bool add(std::uint8_t types) {
    if (places_.empty()) return fail("is no object");
    if (TextShape* of = shape()) of->add_scalar(types);
    return true;
  }

  bool on_null() override { return !places_.empty() || fail("is no object"); }
  bool on_boolean(bool /*value*/) override { return add(kTextBoolean); }
  bool on_number(const std::string& text) override {
    if (places_.empty()) return fail("is no object");
    if (TextShape* of = shape()) of->add_number(text);
    return true;
  }
  bool on_string(const std::string& text) override {
    return add(shape() != nullptr ? types_of_json_string(text) : 0);
  }
  bool on_open(bool list) override {
    if (places_.empty() && list) return fail("is no object");
    TextShape* of = places_.empty() ? nullptr : shape();
    if (of != nullptr && list) of = &of->add_list();
    if (of != nullptr && !list) of->add_object();
    places_.push_back({of, list, {}});
    next_ = nullptr;
    return true;
  }
  bool on_close() override {
    places_.pop_back();
    return true;
  }

  const std::set<std::string>& wanted_;
  JsonShapes& shapes_;
  std::vector<Place> places_;
  TextShape* next_ = nullptr;  // of the value behind the last key
};

// Writes the values of some keys.
class TextReader final : public RecordReader {
 public:
  TextReader(const std::vector<std::string>& keys, const std::vector<bool>& quoted)
      : keys_(keys), quoted_(quoted), texts_(keys.size()) {}

  bool key(string_t& name) override {
    if (open_.size() == 1) {
      const auto found = std::ranges::find(keys_, name);
      column_ = static_cast<std::size_t>(found - keys_.begin());
      return true;
    }
    if (!wanted()) return true;
    separate();
    out() += json(name).dump() + ":";
    after_key_ = true;
    return true;
  }

  std::vector<std::optional<std::string>> take() { return std::move(texts_); }

 private:
  [[nodiscard]] bool wanted() const { return column_ < keys_.size(); }
  std::string& out() {
    if (!texts_[column_]) texts_[column_].emplace();
    return *texts_[column_];
  }
  // Before an item of a list or object that is written.
  void separate() {
    if (std::exchange(after_key_, false)) return;
    if (std::exchange(open_.back().has_items, true)) out() += ',';
  }
  // A scalar: `plain` where it is the value itself, `nested` within a list or object.
  bool add(const std::string& plain, const std::string& nested) {
    if (open_.empty()) return fail("is no object");
    if (!wanted()) return true;
    if (open_.size() == 1) {
      out() = plain;
      return true;
    }
    separate();
    out() += nested;
    return true;
  }

  bool on_null() override {
    if (open_.empty()) return fail("is no object");
    if (open_.size() == 1 || !wanted()) return true;
    separate();
    out() += "null";
    return true;
  }
  bool on_boolean(bool value) override {
    const char* text = value ? "true" : "false";
    return add(text, text);
  }
  bool on_number(const std::string& text) override {
    return add(text, wanted() && quoted_[column_] ? "\"" + text + "\"" : text);
  }
  bool on_string(const std::string& text) override { return add(text, json(text).dump()); }
  bool on_open(bool list) override {
    if (open_.empty() && list) return fail("is no object");
    if (!open_.empty() && wanted()) {
      if (open_.size() > 1) separate();
      out() += list ? '[' : '{';
    }
    open_.push_back({list ? ']' : '}', false});
    return true;
  }
  bool on_close() override {
    const char closing = open_.back().closing;
    open_.pop_back();
    if (!open_.empty() && wanted()) out() += closing;
    return true;
  }

  struct Open {
    char closing;
    bool has_items;
  };

  const std::vector<std::string>& keys_;
  const std::vector<bool>& quoted_;
  std::vector<std::optional<std::string>> texts_;
  std::size_t column_ = std::string::npos;  // of keys_; beyond its end: not wanted
  std::vector<Open> open_;                  // the record, and what is nested in it
  bool after_key_ = false;
};

json written(const std::string& text) { return json::parse(text); }

}  // namespace

void JsonShapes::merge(const JsonShapes& other) {
  for (const auto& [name, shape] : other.columns) columns[name].merge(shape);
  for (const std::string& name : other.names) {
    if (names.size() < kMostNames) names.insert(name);
  }
}

std::string JsonShapes::to_json() const {
  json object{{"columns", json::object()}, {"names", names}};
  for (const auto& [name, shape] : columns) object["columns"][name] = written(shape.to_json());
  return object.dump(-1, ' ', false, json::error_handler_t::replace);
}

JsonShapes JsonShapes::from_json(const std::string& text) {
  const json object = json::parse(text);
  JsonShapes shapes;
  shapes.names = object.at("names").get<std::set<std::string>>();
  for (const auto& [name, shape] : object.at("columns").items())
    shapes.columns[name] = TextShape::from_json(shape.dump()).value();
  return shapes;
}

std::string add_json_record(std::string_view record, const std::set<std::string>& wanted,
                            JsonShapes& shapes) {
  ShapeReader reader(wanted, shapes);
  json::sax_parse(record, &reader);
  return reader.problem();
}

std::vector<std::optional<std::string>> json_texts(std::string_view record,
                                                   const std::vector<std::string>& keys,
                                                   const std::vector<bool>& quoted) {
  TextReader reader(keys, quoted);
  json::sax_parse(record, &reader);
  if (!reader.problem().empty()) throw std::invalid_argument(reader.problem());
  return reader.take();
}

}  // namespace daedalus

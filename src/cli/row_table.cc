#include "cli/row_table.h"

#include <arrow/api.h>
#include <arrow/visit_scalar_inline.h>

#include <algorithm>
#include <cmath>

#include "cli/table.h"

namespace daedalus::cli {
namespace {

constexpr std::size_t kMaxCell = 48;  // code points

Json to_json(const arrow::Scalar& scalar);

// Takes a valid scalar of any type.
struct JsonOfScalar {
  Json json;

  template <typename Scalar>
  arrow::Status Visit(const Scalar& scalar) {
    using Type = typename Scalar::TypeClass;
    if constexpr (arrow::is_boolean_type<Type>::value || arrow::is_integer_type<Type>::value) {
      json = scalar.value;
    } else if constexpr (std::is_same_v<Type, arrow::FloatType> ||
                         std::is_same_v<Type, arrow::DoubleType>) {
      if (std::isfinite(scalar.value))
        json = scalar.value;
      else
        json = scalar.ToString();
    } else if constexpr (arrow::is_string_type<Type>::value) {
      json = std::string(scalar.view());
    } else if constexpr (std::is_base_of_v<arrow::BaseListScalar, Scalar>) {
      json = Json::array();
      for (std::int64_t i = 0; i < scalar.value->length(); ++i)
        json.push_back(to_json(*scalar.value->GetScalar(i).ValueOrDie()));
    } else if constexpr (std::is_same_v<Type, arrow::StructType>) {
      json = Json::object();
      for (int i = 0; i < scalar.type->num_fields(); ++i)
        json[scalar.type->field(i)->name()] =
            to_json(*scalar.value.at(static_cast<std::size_t>(i)));
    } else {
      json = scalar.ToString();
    }
    return arrow::Status::OK();
  }
};

Json to_json(const arrow::Scalar& scalar) {
  if (!scalar.is_valid) return nullptr;
  JsonOfScalar maker;
  const arrow::Status status = arrow::VisitScalarInline(scalar, &maker);
  return status.ok() ? maker.json : Json(scalar.ToString());
}

Json value_at(const arrow::Table& rows, int column, std::int64_t row) {
  return to_json(*rows.column(column)->GetScalar(row).ValueOrDie());
}

std::string cut_short(const std::string& text) {
  std::size_t points = 0;
  std::size_t end = 0;  // where the last code point that fits ends
  for (std::size_t at = 0; at < text.size(); ++at) {
    if ((text[at] & 0xC0) == 0x80) continue;
    if (++points == kMaxCell) end = at;
  }
  return points <= kMaxCell ? text : text.substr(0, end) + "…";
}

std::string cell_of(const Json& value) {
  if (value.is_null()) return "NULL";
  const auto is_control = [](unsigned char c) { return c < 0x20 || c == 0x7F; };
  if (value.is_string() && std::ranges::none_of(value.get_ref<const std::string&>(), is_control))
    return cut_short(value.get<std::string>());
  return cut_short(value.dump(-1, ' ', false, Json::error_handler_t::replace));
}

bool is_number(const arrow::DataType& type) { return arrow::is_numeric(type.id()); }

}  // namespace

std::string row_table(const arrow::Table& rows) {
  std::vector<Table::Column> head;
  for (const auto& field : rows.fields())
    head.push_back({field->name(), is_number(*field->type()) ? Align::kRight : Align::kLeft});
  Table table(std::move(head));
  for (std::int64_t row = 0; row < rows.num_rows(); ++row) {
    std::vector<std::string> cells;
    for (int column = 0; column < rows.num_columns(); ++column)
      cells.push_back(cell_of(value_at(rows, column, row)));
    table.add(std::move(cells));
  }
  return table.to_string();
}

Json to_json(const arrow::Table& rows) {
  Json list = Json::array();
  for (std::int64_t row = 0; row < rows.num_rows(); ++row) {
    Json object = Json::object();
    for (int column = 0; column < rows.num_columns(); ++column)
      object[rows.field(column)->name()] = value_at(rows, column, row);
    list.push_back(std::move(object));
  }
  return list;
}

}  // namespace daedalus::cli

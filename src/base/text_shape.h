// What values of text have been seen of a column, and which type holds them all unaltered.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace daedalus {

/// Types that hold a text's value, as bits.
enum TextType : std::uint8_t {
  kTextBigint = 1,
  kTextDouble = 2,
  kTextBoolean = 4,
  kTextDate = 8,
  kTextTimestamp = 16,
  kTextAny = 31,
};

/// In place of a type: no row has a value in the column, so it says nothing of its type.
inline constexpr const char* kNoValues = "no values";

/// The types that hold the value of `text`, a field of CSV, exactly. A number's DOUBLE must have
/// the value written; a date is also a time, its UTC midnight.
std::uint8_t types_of_text(std::string_view text);

/// The same for a JSON number, as written, and for a JSON string, which is never a number.
std::uint8_t types_of_json_number(std::string_view text);
std::uint8_t types_of_json_string(std::string_view text);

/// An instant of ISO 8601: `YYYY-MM-DD[T ]HH:MM[:SS[.1-9 digits]][ ][Z|UTC|±HH[:MM]|±HHMM]`, or a
/// date, its midnight.
struct IsoTime {
  std::int64_t micros = 0;  ///< Since 1970, rounded down; of a naive time as if it were UTC.
  bool is_date = false;     ///< A date alone, which is in UTC.
  bool is_zoned = false;
};
std::optional<IsoTime> parse_iso_time(std::string_view text);

/// The values of one column, or of what is nested in it, in rows seen so far. Merging is
/// commutative: the result doesn't depend on the order of rows, files or threads.
class TextShape {
 public:
  void add_scalar(std::uint8_t types);
  /// A JSON number, which another writer may write otherwise: 1e2, 12.70.
  void add_number(std::string_view text);
  TextShape& add_list();  ///< The shape of its elements.
  void add_object();
  TextShape& field(const std::string& name);
  void merge(const TextShape& other);

  [[nodiscard]] bool has_values() const { return has_scalar_ || !element_.empty() || is_object_; }
  /// The first of BIGINT, DOUBLE, BOOLEAN, DATE, TIMESTAMP that holds all values; lists by their
  /// elements, objects as STRUCT with their fields by name; else VARCHAR. kNoValues without any.
  [[nodiscard]] std::string type() const;
  /// As type(), but VARCHAR where there is no value.
  [[nodiscard]] std::string type_held() const;
  /// The structure of a list or an object for json_transform(), with every scalar as text.
  [[nodiscard]] std::string transform() const;
  /// Of a list its elements, else null; of a STRUCT its fields.
  [[nodiscard]] const TextShape* element() const;
  [[nodiscard]] bool has_struct() const { return is_object_ && !is_mixed() && !fields_.empty(); }
  [[nodiscard]] const std::map<std::string, TextShape>& fields() const { return fields_; }
  /// Whether a JSON number in it, at any depth, is more than plain digits.
  [[nodiscard]] bool has_other_numbers() const;
  /// Whether every value is held by a column that has the values of `known` alone.
  [[nodiscard]] bool fits(const TextShape& known) const;

  [[nodiscard]] std::string to_json() const;
  /// What to_json() wrote; nothing for other text.
  static std::optional<TextShape> from_json(const std::string& text);

 private:
  [[nodiscard]] bool is_mixed() const;

  bool has_scalar_ = false;
  std::uint8_t types_ = kTextAny;  // of all scalars
  bool has_other_numbers_ = false;
  std::vector<TextShape> element_;  // none or one
  bool is_object_ = false;
  std::map<std::string, TextShape> fields_;
};

/// The shape of columns that type() calls `type`, or nothing where no text has that type.
std::optional<TextShape> shape_of_scalar(const std::string& type);

}  // namespace daedalus

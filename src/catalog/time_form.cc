#include "catalog/time_form.h"

#include <fmt/format.h>

#include <array>
#include <string_view>

#include "base/text_shape.h"
#include "catalog/type_text.h"
#include "engine/quote.h"

namespace daedalus {
namespace {

using Kind = TimeForm::Kind;

struct Epoch {
  Kind kind;
  const char* name;
  std::int64_t times = 1;    // microseconds of a unit
  std::int64_t divided = 1;  // or units of a microsecond
};
constexpr std::array<Epoch, 4> kEpochs{{{Kind::kEpochS, "epoch_s", 1'000'000},
                                        {Kind::kEpochMs, "epoch_ms", 1000},
                                        {Kind::kEpochUs, "epoch_us"},
                                        {Kind::kEpochNs, "epoch_ns", 1, 1000}}};

const Epoch* epoch_of(const TimeForm& form) {
  for (const Epoch& epoch : kEpochs) {
    if (epoch.kind == form.kind) return &epoch;
  }
  return nullptr;
}

constexpr const char* kEpochText = R"('-?[0-9]+(\.0*)?')";

bool is_text(const std::string& type) { return type == "VARCHAR"; }

bool is_number(const std::string& type) {
  return type.ends_with("INT") || type.ends_with("INTEGER") || type == "DOUBLE" ||
         type == "FLOAT" || type.starts_with("DECIMAL");
}

// Microseconds as a TIMESTAMP, or NULL beyond what one holds; `whole` is a HUGEINT.
std::string instant_of(const std::string& whole, const Epoch& epoch) {
  const std::string micros =
      epoch.divided == 1
          ? fmt::format("({}) * {}", whole, epoch.times)
          // `//` rounds towards zero, which before 1970 is up.
          : fmt::format("(({0}) // {1} - CASE WHEN ({0}) % {1} < 0 THEN 1 ELSE 0 END)", whole,
                        epoch.divided);
  // The years that DuckDB's timestamps reach to, in microseconds.
  return fmt::format(
      "CASE WHEN {0} BETWEEN -9223372022400000000 AND 9223372036854775806 "
      "THEN make_timestamp(CAST({0} AS BIGINT)) END",
      micros);
}

// NULL for what is no epoch.
std::string epoch_time(const std::string& sql, const std::string& type, const Epoch& epoch) {
  const std::string whole = is_text(type)
                                ? fmt::format("TRY_CAST(split_part({}, '.', 1) AS HUGEINT)", sql)
                                : fmt::format("TRY_CAST({} AS HUGEINT)", sql);
  std::string fits;
  if (is_text(type)) fits = fmt::format("regexp_full_match({}, {})", sql, kEpochText);
  if (type == "DOUBLE" || type == "FLOAT")
    fits = fmt::format("{0} = trunc({0}) AND abs({0}) <= 9007199254740992", sql);
  if (type.starts_with("DECIMAL")) fits = fmt::format("{0} = trunc({0})", sql);
  const std::string instant = instant_of(whole, epoch);
  return fits.empty() ? instant : fmt::format("CASE WHEN {} THEN {} END", fits, instant);
}

bool has_zone(const std::string& format) {
  return format.find("%z") != std::string::npos || format.find("%Z") != std::string::npos;
}

std::string parsed_time(const std::string& sql, const TimeForm& form, const std::string& zone) {
  const std::string parsed = fmt::format("try_strptime({}, {})", sql, quote_text(form.format));
  if (has_zone(form.format)) return fmt::format("CAST({} AS TIMESTAMP)", parsed);
  if (form.format.find("%n") != std::string::npos)
    return naive_to_utc(timestamp_rounded_down(fmt::format("CAST({} AS TIMESTAMP_NS)", parsed)),
                        zone);
  return naive_to_utc(parsed, zone);
}

}  // namespace

std::string naive_to_utc(const std::string& sql, const std::string& zone) {
  if (zone == "UTC") return sql;
  return fmt::format("CAST(timezone({}, {}) AS TIMESTAMP)", quote_text(zone), sql);
}

bool can_have_form(const std::string& type, const TimeForm& form) {
  return type == kNoValues || is_text(type) || (epoch_of(form) != nullptr && is_number(type));
}

std::string to_string(const TimeForm& form) {
  if (const Epoch* epoch = epoch_of(form)) return epoch->name;
  return form.kind == Kind::kIso8601 ? "iso8601" : form.format;
}

std::string time_of_form(const std::string& sql, const std::string& type, const TimeForm& form,
                         const std::string& zone, const std::string& name) {
  if (form.kind == Kind::kIso8601) return iso_text_to_time(sql, zone);
  const Epoch* epoch = epoch_of(form);
  const std::string time =
      epoch != nullptr ? epoch_time(sql, type, *epoch) : parsed_time(sql, form, zone);
  return fmt::format(
      "CASE WHEN {0} IS NOT NULL THEN coalesce({1}, error({2} || CAST({0} AS VARCHAR) || {3})) END",
      sql, time, quote_text(fmt::format("column {} holds '", name)),
      quote_text(
          fmt::format("', which does not fit the form {} that `times` gives", to_string(form))));
}

std::string text_has_form(const std::string& sql, const TimeForm& form) {
  if (form.kind == Kind::kIso8601)
    return fmt::format("(text_types({}) & {}) > 0", sql, +kTextTimestamp);
  const Epoch* epoch = epoch_of(form);
  return fmt::format("({}) IS NOT NULL", epoch != nullptr ? epoch_time(sql, "VARCHAR", *epoch)
                                                          : parsed_time(sql, form, "UTC"));
}

std::string iso_text_to_time(const std::string& sql, const std::string& zone) {
  const std::string time = fmt::format("iso_time({})", sql);
  if (zone == "UTC") return time;
  return fmt::format("CASE WHEN is_naive_time({}) THEN {} ELSE {} END", sql,
                     naive_to_utc(time, zone), time);
}

}  // namespace daedalus

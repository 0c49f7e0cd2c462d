#include "run/warnings.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <iterator>
#include <optional>
#include <utility>

#include "config/problems.h"
#include "plan/row_rules.h"

namespace daedalus {
namespace {

constexpr const char* kNulls = "null_time";
constexpr const char* kBefore = "before";
constexpr const char* kAfter = "after";

// Shares below or above this are told.
bool is_under_1_percent(std::int64_t part, std::int64_t whole) { return part * 100 < whole; }
bool is_over_1_percent(std::int64_t part, std::int64_t whole) { return part * 100 > whole; }

std::string rows_text(std::int64_t rows) {
  return fmt::format("{} {}", rows, rows == 1 ? "row" : "rows");
}

// A value of the data may be a megabyte long; its start says which it is.
std::string shown(const std::string& value) {
  constexpr std::size_t kMostBytes = 100;
  if (value.size() <= kMostBytes) return value;
  std::size_t end = kMostBytes;
  while (end > 0 && (static_cast<unsigned char>(value[end]) & 0xC0U) == 0x80U) --end;  // UTF-8
  return value.substr(0, end) + "…";
}

// The first day that begins in or after `instant`, and the one that ends in or before it.
Day first_whole_day(Micros instant, const TimeZone& zone) {
  const Day day = zone.day_of(instant);
  return zone.start_of(day) == instant ? day : day + std::chrono::days(1);
}

bool is_made_by_user(const Config& config, const std::string& key) {
  return std::ranges::any_of(config.effective, [&](const EffectiveValue& value) {
    return value.setting == key && !value.is_default;
  });
}

std::optional<Warning> empty_join(const std::string& source, std::int64_t known,
                                  std::int64_t rows) {
  if (!is_under_1_percent(known, rows)) return std::nullopt;
  return Warning{
      "empty-join",
      source,
      {{"known", known}, {"rows", rows}},
      fmt::format("{} knows {} of {}: are these its keys?", source, known, rows_text(rows)),
      {}};
}

}  // namespace

std::vector<Warning> unused_aggregations(const Config& config) {
  std::set<std::string> used = columns_in_rules(config);
  for (const OutputColumn& output : config.runtime.output_columns) used.insert(output.name);
  std::vector<std::string> made;
  for (const AggregationSpec& spec : config.aggregation_specs)
    std::ranges::copy(spec.output_names(), std::back_inserter(made));
  for (const WindowedJoin& join : config.windowed_joins) made.push_back(join.name);
  std::vector<Warning> warnings;
  for (const std::string& column : made) {
    const bool is_used = std::ranges::any_of(
        used, [&](const std::string& name) { return config::same_name(name, column); });
    if (is_used) continue;
    warnings.push_back({"unused-aggregation",
                        column,
                        {},
                        fmt::format("{} is no output column, and no rule uses it", column),
                        {}});
  }
  return warnings;
}

std::vector<Warning> absent_passthrough(const Catalog& catalog) {
  const Config& config = catalog.config();
  if (!is_made_by_user(config, "feed.passthrough") || catalog.feed().datasets().empty()) return {};
  std::vector<Warning> warnings;
  for (const std::string& name : config.feed.passthrough) {
    if (catalog.feed().type_of(name) != nullptr) continue;
    warnings.push_back({"absent-passthrough",
                        name,
                        {},
                        fmt::format("no file of the feed has the passthrough column {}{}", name,
                                    config.feed.source_name(name) == name
                                        ? ""
                                        : fmt::format(", there {}", config.feed.source_name(name))),
                        {}});
  }
  return warnings;
}

std::vector<Warning> missing_partitions(const std::vector<FeedPartition>& partitions,
                                        const Interval& spine, const TimeZone& zone) {
  std::vector<Warning> warnings;
  if (partitions.empty()) return warnings;
  const auto add = [&](const std::string& subject) {
    warnings.push_back(
        {"missing-partition",
         subject,
         {},
         fmt::format(
             "the feed has no partition {}, which the lookback reads: windows are shorter there",
             subject),
         {}});
  };
  const Micros begin = partitions.front().interval.begin;
  if (begin > spine.begin && first_whole_day(spine.begin, zone) < zone.day_of(begin))
    add(fmt::format("before {}", to_string(zone.day_of(begin))));
  Micros end = partitions.front().interval.end;
  for (const FeedPartition& partition : partitions) {
    const Interval gap{end, partition.interval.begin};
    end = std::max(end, partition.interval.end);
    if (gap.begin >= gap.end || !gap.overlaps(spine)) continue;
    const Day first = first_whole_day(gap.begin, zone);
    const Day after = zone.day_of(gap.end);
    if (first >= after) continue;
    const Day last = after - std::chrono::days(1);
    add(first == last ? fmt::format("for {}", to_string(first))
                      : fmt::format("for {} to {}", to_string(first), to_string(last)));
  }
  return warnings;
}

std::set<std::string> events_of_steps(const Config& config, bool has_session) {
  std::set<std::string> events;
  const auto add = [&](const std::vector<std::string>& more) {
    events.insert(more.begin(), more.end());
  };
  for (const AggregationSpec& spec : config.aggregation_specs) add(spec.events);
  const EmbeddingCoverageFilter& coverage = config.runtime.embedding_coverage_filter;
  if (coverage.enabled) add(coverage.events);
  const SessionFilter& session = config.runtime.session_filter;
  if (has_session && session.drop_view_only) add(session.view_events);
  if (has_session && session.drop_single_like) add(session.like_events);
  return events;
}

std::vector<Warning> unknown_events(const std::set<std::string>& events_that_no_row_has) {
  std::vector<Warning> warnings;
  for (const std::string& event : events_that_no_row_has) {
    warnings.push_back(
        {"unknown-event",
         event,
         {},
         fmt::format("no row of the feed that the run reads has the event {}", event),
         {}});
  }
  return warnings;
}

UnusedRows unused_rows(const Counts& counts, const std::vector<FeedPartition>& partitions) {
  UnusedRows sum;
  std::set<Micros> begins;  // Several partitions may be of one time, and are counted together.
  for (const FeedPartition& partition : partitions) begins.insert(partition.interval.begin);
  for (const Micros begin : begins) {
    const auto rows = [&](const char* place) {
      return count_of(counts, kUnusedRows, fmt::format("{} {}", begin, place));
    };
    sum.null_time += rows(kNulls);
    sum.before += rows(kBefore);
    sum.after += rows(kAfter);
  }
  return sum;
}

std::vector<Warning> unused_row_warnings(const UnusedRows& rows) {
  std::vector<Warning> warnings;
  if (rows.null_time > 0) {
    warnings.push_back({"null-times",
                        "",
                        {{"rows", rows.null_time}},
                        fmt::format("{} without a time belong to no day and are not used",
                                    rows_text(rows.null_time)),
                        {}});
  }
  if (rows.misplaced() > 0) {
    const bool is_one_sided = std::max(rows.before, rows.after) * 10 > rows.misplaced() * 9;
    warnings.push_back(
        {"misplaced-rows",
         "",
         {{"rows", rows.misplaced()}, {"before", rows.before}, {"after", rows.after}},
         fmt::format("{} outside of their own partition ({} before it, {} after it) are not used{}",
                     rows_text(rows.misplaced()), rows.before, rows.after,
                     is_one_sided
                         ? ": probably their times, or the partitions, are of another time "
                           "zone (source.time_zone, feed.day_zone)"
                         : ""),
         {}});
  }
  return warnings;
}

std::vector<Warning> unknown_codes(const Plan& plan, const Counts& counts) {
  const std::int64_t valid = count_of(counts, kFeedDay, "valid");
  std::vector<Warning> warnings;
  for (const std::string& column : plan.encoded) {
    const auto unknown = counts.find("unknown_" + column);
    if (unknown == counts.end()) continue;
    std::int64_t rows = 0;
    std::pair<std::string, std::int64_t> most;
    for (const auto& value : unknown->second) {
      rows += value.second;
      if (value.second > most.second) most = value;
    }
    if (!is_over_1_percent(rows, valid)) continue;
    warnings.push_back(
        {"unknown-codes",
         column,
         {{"unknown", rows}, {"rows", valid}},
         fmt::format("{} of {} have a {} that its encoding doesn't know, most of all '{}'", rows,
                     rows_text(valid), column, shown(most.first)),
         {}});
  }
  return warnings;
}

std::vector<Warning> empty_joins(const Plan& plan, const Counts& counts) {
  std::vector<Warning> warnings;
  const auto add = [&](std::optional<Warning> warning) {
    if (warning) warnings.push_back(std::move(*warning));
  };
  const bool has_pool = counts.contains("covered");
  const std::int64_t rows =
      has_pool ? count_of(counts, "covered", "rows_out") : count_of(counts, kFeedDay, "valid");
  for (const JoinedView& view : plan.joined_views) {
    if (const auto known = counts.find(view.known_rows()); known != counts.end())
      add(empty_join("view " + view.name, known->second.at("rows"), rows));
  }
  if (has_pool) {
    const std::int64_t subject = count_of(counts, "covered", "subject");
    const std::int64_t dropped = count_of(counts, "covered", "rows_in") - rows;
    add(empty_join("embedding pool", subject - dropped, subject));
  }
  return warnings;
}

std::vector<Warning> newer_features(const Plan& plan, const Counts& counts) {
  const std::int64_t rows = count_of(counts, "content_dropped", "kept");
  Warning warning{"newer-features", "", {{"rows", rows}}, "", {}};
  std::vector<std::string> texts;
  for (const JoinedView& view : plan.joined_views) {
    const std::int64_t newer = count_of(counts, view.newer_rows(), "rows");
    if (!is_over_1_percent(newer, rows)) continue;
    warning.counts.emplace_back("view " + view.name, newer);
    texts.push_back(fmt::format("{} of view {}", newer, view.name));
  }
  if (texts.empty()) return {};
  warning.text = fmt::format(
      "of {}, some show a version that is not older than the row: {}: features may tell the "
      "outcome",
      rows_text(rows), fmt::join(texts, ", "));
  return {warning};
}

}  // namespace daedalus

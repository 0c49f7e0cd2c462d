#include "run/absent_events.h"

#include <fmt/format.h>

#include <algorithm>
#include <ranges>

#include "engine/quote.h"

namespace daedalus {
namespace {

// Rows that show most events, if the feed is in order: then no more are read.
constexpr std::int64_t kFirstRows = 200'000;

// Takes out of `events` those that `column` of `rows` has.
void erase_found(Engine& engine, const std::string& column, const std::string& rows,
                 std::set<std::string>& events) {
  const std::vector<std::string> wanted(events.begin(), events.end());
  for (const auto& row :
       engine.query(fmt::format("SELECT DISTINCT {0} FROM ({1}) WHERE list_contains({2}, {0})",
                                column, rows, quote_text_list(wanted)))) {
    events.erase(row.at(0).value());
  }
}

}  // namespace

std::set<std::string> absent_events(const Catalog& catalog, std::set<std::string> events,
                                    const std::vector<FeedPartition>& partitions) {
  if (events.empty()) return events;
  Engine engine(engine_settings(catalog.config()), catalog.feed().lance_description());
  const std::string column = quote_identifier(catalog.config().feed.keys.event);
  bool is_first = true;
  try {
    for (const FeedPartition& partition : std::views::reverse(partitions)) {
      for (const Dataset& dataset : partition.datasets) {
        const std::string rows = catalog.select_feed({partition.with({dataset})});
        if (std::exchange(is_first, false)) {
          erase_found(engine, column,
                      fmt::format("SELECT {} FROM ({}) LIMIT {}", column, rows, kFirstRows),
                      events);
        }
        if (!events.empty()) erase_found(engine, column, rows, events);
        if (events.empty()) return events;
      }
    }
  } catch (const Error& error) {
    // The days that need the file tell of it. What is no defect of ours may look like one.
    if (error.kind() != ErrorKind::kInput && error.kind() != ErrorKind::kBug) throw;
    return {};
  }
  return events;
}

}  // namespace daedalus

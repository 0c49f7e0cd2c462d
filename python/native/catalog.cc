// The catalog: sources, days of the feed, rows of views.
#include "daedalus/catalog.h"

#include <arrow/api.h>
#include <nanobind/nanobind.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/pair.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <limits>

#include "daedalus/aggregate_day.h"
#include "native/arrow_capsules.h"
#include "native/bindings.h"
#include "native/day.h"
#include "native/interruptible.h"

namespace daedalus::binding {
namespace {

nb::list sources(const Config& config) {
  nb::list list;
  for (const SourceSummary& source : run_interruptible([&] { return list_catalog(config); })) {
    list.append(nb::make_tuple(source.name, source.kind, source.path, source.format, source.files,
                               source.bytes, nb::cast(source.columns), source.error));
  }
  return list;
}

nb::list feed_days(const Config& config) {
  nb::list list;
  for (const FeedPartitionDays& partition :
       run_interruptible([&] { return list_feed_days(config); })) {
    nb::list days;
    for (const FeedDay& day : partition.days) days.append(nb::make_tuple(day.day, day.rows));
    list.append(nb::make_tuple(partition.partition, days, partition.misplaced_rows,
                               partition.null_time_rows, partition.error));
  }
  return list;
}

ArrowStream view(const Config& config, const std::string& name,
                 const std::optional<std::vector<std::string>>& ids) {
  return {run_interruptible([&] { return read_view(config, name, ids); })};
}

ArrowStream sample(const Config& config, const std::string& name, std::int64_t rows) {
  return {run_interruptible([&] { return sample_source(config, name, rows); })};
}

nb::tuple coverage(const Config& config, const std::optional<std::string>& day) {
  const DayCoverage found = run_interruptible([&] {
    return list_coverage(config, day ? std::optional(day_named("day", *day)) : std::nullopt);
  });
  nb::list sources;
  for (const SourceCoverage& each : found.sources) {
    sources.append(nb::make_tuple(each.name, each.kind, each.key, each.ids, each.ids_found,
                                  each.rows, each.rows_found, each.error));
  }
  return nb::make_tuple(found.day, sources);
}

ArrowStream aggregate(const Config& config, const std::string& name, const std::string& day,
                      const std::string& engine) {
  const AggregateOptions options{.engine = engine,
                                 .first_rows = std::numeric_limits<std::int64_t>::max()};
  return {run_interruptible(
      [&] { return aggregate_day(config, name, day_named("day", day), options).first_rows; })};
}

}  // namespace

void bind_catalog(nb::module_& module) {
  module.def("sources", &sources, nb::arg("config"));
  module.def("feed_days", &feed_days, nb::arg("config"));
  module.def("view", &view, nb::arg("config"), nb::arg("name"), nb::arg("ids").none());
  module.def("sample", &sample, nb::arg("config"), nb::arg("name"), nb::arg("rows"));
  module.def("coverage", &coverage, nb::arg("config"), nb::arg("day").none());
  module.def("aggregate_day", &aggregate, nb::arg("config"), nb::arg("name"), nb::arg("day"),
             nb::arg("engine"));
}

}  // namespace daedalus::binding

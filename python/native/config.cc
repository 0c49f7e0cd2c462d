// load_config() and what Python asks of a Config.
#include "daedalus/config.h"

#include <nanobind/nanobind.h>
#include <nanobind/stl/filesystem.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include "native/bindings.h"

namespace daedalus::binding {
namespace {

namespace nb = nanobind;

nb::list aggregation_specs(const Config& config) {
  nb::list specs;
  for (const AggregationSpec& spec : config.aggregation_specs) specs.append(to_dict(spec));
  return specs;
}

nb::dict values(const Config& config) {
  nb::dict values;
  for (const EffectiveValue& each : config.effective) values[each.key.c_str()] = each.value;
  return values;
}

nb::list view_names(const Config& config) {
  nb::list names;
  for (const auto& [name, view] : config.views) names.append(name);
  return names;
}

nb::dict duckdb_config(const Config& config) {
  nb::dict settings;
  for (const auto& [name, value] : config.runtime.duckdb_config) settings[name.c_str()] = value;
  return settings;
}

}  // namespace

nb::dict to_dict(const AggregationSpec& spec) {
  nb::dict dict;
  dict["name"] = spec.name;
  dict["events"] = nb::cast(spec.events);
  if (spec.cumulative) {
    dict["windows"] = "cumulative";
  } else {
    nb::list windows;
    for (const Duration& window : spec.windows) windows.append(window.text);
    dict["windows"] = windows;
  }
  const bool is_list = spec.agg == AggregationSpec::Agg::kList;
  dict["agg"] = is_list ? "list" : "count";
  dict["column"] = is_list ? nb::cast(spec.column) : nb::none();
  dict["exclude_self"] = spec.exclude_self;
  dict["flatten_distinct"] = spec.flatten_distinct;
  dict["distinct"] = spec.distinct;
  dict["max_length"] = nb::cast(spec.max_length);
  dict["order"] =
      spec.order == AggregationSpec::Order::kNewestFirst ? "newest_first" : "oldest_first";
  return dict;
}

void bind_config(nb::module_& module) {
  nb::class_<Config>(module, "Config")
      .def_prop_ro("dir", [](const Config& config) { return config.dir; })
      .def_prop_ro("overrides", [](const Config& config) { return config.overrides; })
      .def_prop_ro("output_root", [](const Config& config) { return config.runtime.output_root; })
      .def_prop_ro("engine", [](const Config& config) { return config.runtime.engine; })
      .def_prop_ro("duckdb_config", &duckdb_config)
      .def_prop_ro("views", &view_names)
      .def_prop_ro("values", &values)
      .def_prop_ro("aggregation_specs", &aggregation_specs);
  module.def("load_config", &load_config, nb::arg("dir"), nb::arg("overrides"));
}

}  // namespace daedalus::binding

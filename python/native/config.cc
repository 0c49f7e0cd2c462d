// load_config() and what Python asks of a Config.
#include "daedalus/config.h"

#include <nanobind/nanobind.h>
#include <nanobind/stl/filesystem.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include "native/bindings.h"
#include "rolling/pit_spec.h"

namespace daedalus::binding {
namespace {

namespace nb = nanobind;

// JSON text; see to_json().
std::string aggregation_specs(const Config& config) {
  return to_json(pit_specs(config.aggregation_specs));
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

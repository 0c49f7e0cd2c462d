// aggregate_pit_table(): the library's engines, and the numbered input for one in Python.
#include <arrow/api.h>
#include <nanobind/nanobind.h>
#include <nanobind/stl/filesystem.h>
#include <nanobind/stl/map.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/unique_ptr.h>
#include <nanobind/stl/vector.h>

#include "daedalus/pit_input.h"
#include "native/arrow_capsules.h"
#include "native/bindings.h"
#include "native/interruptible.h"
#include "rolling/pit_spec.h"

namespace daedalus::binding {
namespace {

// `specs`: JSON text of their list.
std::unique_ptr<PitInput> make_input(const nb::object& events, const nb::object& rows,
                                     const std::string& specs,
                                     const std::map<std::string, std::string>& settings) {
  const auto parsed = parse_aggregation_specs(specs);
  const auto event_table = table_from(events);
  const auto row_table = rows.is_none() ? nullptr : table_from(rows);
  return run_interruptible(
      [&] { return std::make_unique<PitInput>(event_table, row_table, parsed, settings); });
}

ArrowStream aggregate(const PitInput& input, const std::string& engine) {
  return {run_interruptible([&] { return aggregate_pit_table(input, engine); })};
}

ArrowStream in_given_order(const PitInput& input, const nb::object& result) {
  auto table = table_from(result);
  return {run_interruptible([&] { return input.in_given_order(std::move(table)); })};
}

}  // namespace

void bind_aggregate(nb::module_& module) {
  nb::class_<PitInput>(module, "PitInput")
      .def_prop_ro("event_names", [](const PitInput& input) { return input.table().event_names; })
      .def_prop_ro("specs", [](const PitInput& input) { return to_json(input.specs()); })
      .def_prop_ro("events_file", &PitInput::events_file)
      .def_prop_ro("rows_file", &PitInput::rows_file)
      .def_prop_ro("empty_result",
                   [](const PitInput& input) {
                     return ArrowStream{arrow::Table::MakeEmpty(input.schema()).ValueOrDie()};
                   })
      .def("aggregate", &aggregate, nb::arg("engine"))
      .def("in_given_order", &in_given_order, nb::arg("result"));
  module.def("make_input", &make_input, nb::arg("events"), nb::arg("rows").none(), nb::arg("specs"),
             nb::arg("settings"));
}

}  // namespace daedalus::binding

// The parts of the extension module, a file each.
#pragma once

#include <nanobind/nanobind.h>

#include "daedalus/config.h"

namespace daedalus::binding {

/// A specification with the keys and values of aggregations.yaml.
nanobind::dict to_dict(const AggregationSpec& spec);

void bind_config(nanobind::module_& module);
void bind_aggregate(nanobind::module_& module);
void bind_catalog(nanobind::module_& module);
void bind_skeleton(nanobind::module_& module);

}  // namespace daedalus::binding

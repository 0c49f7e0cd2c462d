// The parts of the extension module, a file each.
#pragma once

#include <nanobind/nanobind.h>

namespace daedalus::binding {

void bind_config(nanobind::module_& module);
void bind_aggregate(nanobind::module_& module);
void bind_catalog(nanobind::module_& module);
void bind_skeleton(nanobind::module_& module);

}  // namespace daedalus::binding

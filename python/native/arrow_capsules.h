// Tables between Python and the library by the Arrow PyCapsule interface: buffers are shared, not
// copied.
#pragma once

#include <nanobind/nanobind.h>

#include <memory>

namespace arrow {
class Table;
}

namespace daedalus::binding {

/// The table behind `object.__arrow_c_stream__()`.
std::shared_ptr<arrow::Table> table_from(nanobind::object object);

/// A table as Python holds it: it has `__arrow_c_stream__()` and nothing else.
struct ArrowStream {
  std::shared_ptr<arrow::Table> table;
};

void bind_arrow(nanobind::module_& module);

}  // namespace daedalus::binding

// daedalus._native: the library as Python's own types; the package's modules make its public face
// of them.
#include <nanobind/nanobind.h>
#include <nanobind/stl/string.h>

#include <new>
#include <string>

#include "daedalus/error.h"
#include "daedalus/version.h"
#include "native/arrow_capsules.h"
#include "native/bindings.h"

namespace nb = nanobind;

namespace daedalus::binding {
namespace {

// Raises the exception of daedalus._errors for the error's kind.
void raise(const Error& error) {
  nb::list problems;
  for (const Problem& each : error.problems())
    problems.append(nb::make_tuple(each.what, each.fix, each.where.file, each.where.line));
  const nb::object made = nb::module_::import_("daedalus._errors")
                              .attr("make_error")(exit_code(error.kind()), problems);
  PyErr_SetObject(made.type().ptr(), made.ptr());
}

void translate(const std::exception_ptr& thrown, void* /*unused*/) {
  try {
    std::rethrow_exception(thrown);
  } catch (const Error& error) {
    raise(error);
  } catch (const std::bad_alloc&) {
    raise(Error(ErrorKind::kEnvironment, "out of memory",
                "lower day_workers or compute.duckdb_config.memory_limit"));
  }
}

}  // namespace
}  // namespace daedalus::binding

NB_MODULE(_native, module) {
  using namespace daedalus::binding;
  nb::register_exception_translator(translate);
  module.attr("version") = std::string(daedalus::kVersion);
  bind_arrow(module);
  bind_config(module);
  bind_aggregate(module);
  bind_catalog(module);
  bind_skeleton(module);
}

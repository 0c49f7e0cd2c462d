#include "native/arrow_capsules.h"

#include <arrow/api.h>
#include <arrow/c/bridge.h>

#include "daedalus/error.h"

namespace daedalus::binding {
namespace {

namespace nb = nanobind;

constexpr const char* kCapsule = "arrow_array_stream";

template <typename T>
T value_of(arrow::Result<T> result) {
  if (result.ok()) return std::move(result).ValueUnsafe();
  throw Error(result.status().IsOutOfMemory() ? ErrorKind::kEnvironment : ErrorKind::kInput,
              "a table can't be read by way of Arrow: " + result.status().ToString());
}

void release_stream(PyObject* capsule) {
  auto* stream = static_cast<ArrowArrayStream*>(PyCapsule_GetPointer(capsule, kCapsule));
  if (stream->release != nullptr) stream->release(stream);
  delete stream;
}

// `requested` is ignored, as the interface allows: the caller casts if it must.
nb::object to_capsule(const ArrowStream& of, const nb::object& /*requested*/) {
  auto stream = std::make_unique<ArrowArrayStream>();
  const auto reader = std::make_shared<arrow::TableBatchReader>(of.table);
  const arrow::Status exported = arrow::ExportRecordBatchReader(reader, stream.get());
  if (!exported.ok()) throw Error(ErrorKind::kBug, exported.ToString());
  PyObject* capsule = PyCapsule_New(stream.get(), kCapsule, release_stream);
  if (capsule == nullptr) throw nb::python_error();
  stream.release();
  return nb::steal(capsule);
}

}  // namespace

std::shared_ptr<arrow::Table> table_from(nb::object object) {
  const nb::object capsule = object.attr("__arrow_c_stream__")();
  auto* stream = static_cast<ArrowArrayStream*>(PyCapsule_GetPointer(capsule.ptr(), kCapsule));
  if (stream == nullptr) throw nb::python_error();
  return value_of(value_of(arrow::ImportRecordBatchReader(stream))->ToTable());
}

void bind_arrow(nb::module_& module) {
  nb::class_<ArrowStream>(module, "ArrowStream")
      .def("__arrow_c_stream__", &to_capsule, nb::arg("requested_schema") = nb::none());
}

}  // namespace daedalus::binding

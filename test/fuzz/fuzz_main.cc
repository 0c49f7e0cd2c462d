// The entry that libFuzzer calls; DAEDALUS_FUZZ_TARGET names one of the targets.
#include <cstddef>
#include <cstdint>

#include "fuzz_target.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  daedalus::fuzz::DAEDALUS_FUZZ_TARGET({reinterpret_cast<const char*>(data), size});
  return 0;
}

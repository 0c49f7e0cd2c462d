// What is shipped: nothing fails on purpose. Alone in its file, so that a linker that has found
// another definition leaves this one out.
#include "base/fault_point.h"

namespace daedalus {

void fault_point(std::string_view) {}

}  // namespace daedalus

// Named places where the tests make the program fail or die.
#pragma once

#include <string_view>

namespace daedalus {

/// Passes the place called `name`, "component.moment" such as "publish.swap". The library's
/// definition does nothing; test/fault/injecting_fault_point.cc takes its place in `daeda_faults`,
/// where it throws or kills when the environment asks for it. Where it throws, the code around it
/// must stand an exception: none in destructors.
void fault_point(std::string_view name);

}  // namespace daedalus

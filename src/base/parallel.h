// A loop whose steps don't depend on each other, run by several threads.
#pragma once

#include <cstddef>
#include <functional>

namespace daedalus {

/// Runs `step(0)` to `step(count - 1)`, each once and in any order, in up to `threads` threads, of
/// which the caller is one; returns when all have ended. Throws what the first of the steps that
/// failed threw; steps that have not begun by then don't run.
void parallel_for(std::size_t count, int threads, const std::function<void(std::size_t)>& step);

}  // namespace daedalus

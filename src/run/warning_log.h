// What a run says once, whatever days it holds for.
#pragma once

#include <functional>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "daedalus/config.h"
#include "daedalus/skeleton.h"
#include "daedalus/warning.h"

namespace daedalus {

/// Says each warning once, counts the days that it holds for, and does as `warnings` of the
/// configuration says. For several threads.
class WarningLog {
 public:
  /// Whether an earlier run of the same configuration has said the warnings of a name.
  using SaidBefore = std::function<bool(const std::string& name)>;

  WarningLog(const Runtime& runtime, Observer& observer, SaidBefore said_before = {})
      : runtime_(runtime), observer_(observer), said_before_(std::move(said_before)) {}

  /// Those of `found` that are not ignored, as warnings of `day`. Says what was not said before.
  /// Throws Error{kDataCheck} when one of them is an error.
  std::vector<Warning> take(const std::string& day, const std::vector<Warning>& found);

  /// All that were said, each with its days, in that order.
  [[nodiscard]] std::vector<Warning> all() const;

 private:
  void say(const Warning& warning);

  const Runtime& runtime_;
  Observer& observer_;
  SaidBefore said_before_;
  mutable std::mutex mutex_;
  std::vector<Warning> said_;
  std::map<std::pair<std::string, std::string>, std::size_t> places_;  // by name and subject
};

/// "name: text".
std::string line_of(const Warning& warning);

}  // namespace daedalus

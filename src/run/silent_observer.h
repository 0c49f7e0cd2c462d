// An observer for who has none.
#pragma once

#include "daedalus/skeleton.h"

namespace daedalus {

class SilentObserver final : public Observer {
 public:
  void run_started(std::size_t, std::size_t, std::size_t) override {}
  void day_started(const std::string&, const std::vector<StaleReason>&) override {}
  void stage_started(const std::string&, const std::string&) override {}
  void stage_finished(const std::string&, const std::string&, double) override {}
  void day_finished(const DayReport&) override {}
  void warning(const std::string&) override {}
};

}  // namespace daedalus

#include "run/turnstile.h"

#include <gtest/gtest.h>

#include <thread>

namespace daedalus {
namespace {

TEST(Turnstile, DaysPassInTheirOrderWhateverTheOrderTheyCome) {
  constexpr std::size_t kDays = 20;
  Turnstile turnstile(kDays);
  std::vector<std::size_t> order;
  {
    std::vector<std::jthread> threads;
    for (std::size_t day = kDays; day-- > 0;) {
      threads.emplace_back([&turnstile, &order, day] {
        turnstile.wait(day);
        order.push_back(day);  // no lock: one thread at a time is here
        turnstile.pass(day);
        turnstile.pass(day);
      });
    }
  }
  ASSERT_EQ(order.size(), kDays);
  for (std::size_t i = 0; i < kDays; ++i) EXPECT_EQ(order[i], i);
}

TEST(Turnstile, ADayThatFailedHoldsNobodyUp) {
  Turnstile turnstile(3);
  turnstile.pass(1);
  turnstile.pass(0);
  turnstile.wait(2);
}

}  // namespace
}  // namespace daedalus

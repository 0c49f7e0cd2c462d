// Sorting problems, and finding the name that was probably meant.
#include "config/problems.h"

#include <algorithm>
#include <numeric>
#include <set>
#include <tuple>

namespace daedalus::config {
namespace {

auto position(const Problem& problem) { return std::tie(problem.where.file, problem.where.line); }

auto whole(const Problem& problem) {
  return std::tie(problem.where.file, problem.where.line, problem.what, problem.fix);
}

// Insertions, deletions, replacements and swaps of neighbours, each counted as one.
std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before_last;
  std::vector<std::size_t> last(b.size() + 1);
  std::iota(last.begin(), last.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::vector<std::size_t> row(b.size() + 1);
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replace = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, replace});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        row[j] = std::min(row[j], before_last[j - 2] + 1);
      }
    }
    before_last = std::move(last);
    last = std::move(row);
  }
  return last[b.size()];
}

}  // namespace

std::vector<Problem> Problems::sorted() const {
  std::vector<Problem> sorted;
  std::set<decltype(whole(list_[0]))> told;
  for (const Problem& problem : list_) {
    if (told.insert(whole(problem)).second) sorted.push_back(problem);
  }
  std::stable_sort(sorted.begin(), sorted.end(),
                   [](const Problem& a, const Problem& b) { return position(a) < position(b); });
  return sorted;
}

std::string lower(std::string_view text) {
  std::string result(text);
  for (char& c : result) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return result;
}

bool same_name(std::string_view a, std::string_view b) {
  return a.size() == b.size() && lower(a) == lower(b);
}

std::string nearest(std::string_view name, const std::vector<std::string>& candidates) {
  // Names this long are not typed by hand, and the distance costs their product.
  constexpr std::size_t kLongest = 200;
  if (name.size() > kLongest) return {};
  const std::string wanted = lower(name);
  std::string best;
  std::size_t best_distance = std::max<std::size_t>(1, name.size() / 3) + 1;
  for (const std::string& candidate : candidates) {
    if (candidate.size() > kLongest) continue;
    const std::size_t distance = edit_distance(wanted, lower(candidate));
    if (distance < best_distance) {
      best = candidate;
      best_distance = distance;
    }
  }
  return best;
}

std::string did_you_mean(std::string_view name, const std::vector<std::string>& candidates) {
  const std::string best = nearest(name, candidates);
  return best.empty() ? std::string() : "did you mean '" + best + "'?";
}

std::string join(const std::vector<std::string>& texts) {
  std::string joined;
  for (const std::string& text : texts) {
    if (!joined.empty()) joined += ", ";
    joined += text;
  }
  return joined;
}

}  // namespace daedalus::config

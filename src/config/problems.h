// Collects what is wrong with a configuration, so that all of it is reported at once.
#pragma once

#include <cstddef>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "daedalus/error.h"

namespace daedalus::config {

class Problems {
 public:
  void add(SourceLocation where, std::string what, std::string fix = {}) {
    list_.push_back({std::move(where), std::move(what), std::move(fix)});
  }

  [[nodiscard]] std::size_t size() const { return list_.size(); }
  [[nodiscard]] bool empty() const { return list_.empty(); }

  /// The problems by file and line, each once.
  [[nodiscard]] std::vector<Problem> sorted() const;

 private:
  std::vector<Problem> list_;
};

/// `text` with its ASCII letters in lower case: names that are equal so are one name to DuckDB.
std::string lower(std::string_view text);

/// Whether DuckDB takes `a` and `b` for one name.
bool same_name(std::string_view a, std::string_view b);

/// Names of one list, one after the other.
class SeenNames {
 public:
  /// Whether same_name() holds of `name` and an earlier one. An empty name, one that could not be
  /// read, repeats none.
  bool repeats(std::string_view name) {
    return !name.empty() && !names_.insert(lower(name)).second;
  }

 private:
  std::set<std::string> names_;
};

/// "did you mean 'x'?" for the candidate nearest to `name`; empty when none is near.
std::string did_you_mean(std::string_view name, const std::vector<std::string>& candidates);

/// The candidate that did_you_mean() would name, or an empty text.
std::string nearest(std::string_view name, const std::vector<std::string>& candidates);

/// "a, b, c".
std::string join(const std::vector<std::string>& texts);

}  // namespace daedalus::config

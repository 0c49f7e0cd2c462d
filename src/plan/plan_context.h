// What the parts of make_plan() share.
#pragma once

#include "catalog/catalog.h"
#include "config/problems.h"
#include "engine/engine.h"
#include "plan/row_columns.h"

namespace daedalus {

struct PlanContext {
  explicit PlanContext(const Catalog& of)
      : catalog(of), config(of.config()), columns(of), engine({config.runtime.duckdb_config, {}}) {}

  const Catalog& catalog;
  const Config& config;
  RowColumns columns;
  /// Evaluates literals and constant expressions of the configuration; may touch no file.
  Engine engine;
  config::Problems problems;

  /// Runs `make` and remembers what it finds wrong at `key`, so that all problems are told at once;
  /// `told` is the key in messages.
  template <typename Make>
  auto guarded(const std::string& key, const std::string& told, Make make) -> decltype(make()) {
    try {
      return make();
    } catch (const Error& error) {
      if (error.kind() != ErrorKind::kConfig) throw;
      for (const Problem& problem : error.problems()) {
        problems.add(config.where(key), told + ": " + problem.what, problem.fix);
      }
      return {};
    }
  }
  template <typename Make>
  auto guarded(const std::string& key, Make make) -> decltype(make()) {
    return guarded(key, key, std::move(make));
  }

  /// The row's column `name`. Throws Error{kConfig} when no step makes it and the feed does not
  /// have it.
  [[nodiscard]] const RowColumn& need_column(const std::string& name) const;
};

}  // namespace daedalus

#include "plan/plan_parts.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "engine/quote.h"
#include "plan/encoding.h"

namespace daedalus {

using Form = Relation::Form;

namespace {

PlanInput source_input(const std::string& name, const SourceRelation& source) {
  PlanInput input{name, source.select_all(), source.select_empty(), source.description(), {}};
  for (const InspectedDataset& inspected : source.datasets()) {
    const Dataset& dataset = inspected.dataset;
    input.datasets.push_back({dataset.path, source.select({&dataset, 1})});
  }
  return input;
}

}  // namespace

PlanInput feed_input(const Catalog& catalog, const std::vector<FeedPartition>& partitions) {
  const SourceRelation& feed = catalog.feed();
  PlanInput input{
      kRawFeed, catalog.select_feed(partitions), feed.select_empty(), feed.description(), {}};
  for (const FeedPartition& partition : partitions) {
    for (const Dataset& dataset : partition.datasets) {
      input.datasets.push_back({dataset.path, catalog.select_feed({partition.with({dataset})})});
    }
  }
  return input;
}

// Without datasets: those of the feed are looked at for both.
PlanInput unplaced_input(const Catalog& catalog, const std::vector<FeedPartition>& partitions) {
  return {"unplaced_rows",
          catalog.select_unplaced(partitions),
          catalog.select_unplaced({}),
          catalog.feed().description(),
          {}};
}

Relation PlanParts::relation(const std::string& name, Form form, const std::string& file,
                             const std::map<std::string, std::string>& markers) const {
  return relation_of(name, form, file, sql_.select(file, markers));
}

Relation PlanParts::relation_of(const std::string& name, Form form, const std::string& file,
                                std::string select) const {
  return {name, form, sql_.file(file), std::move(select), sql_.is_edited(file)};
}

void PlanParts::read_feed(StagePlan& plan, Stage& stage,
                          const std::vector<FeedPartition>& partitions) const {
  read(plan, stage, feed_input(catalog_, partitions), catalog_.feed().is_lance());
}

void PlanParts::read_unplaced(StagePlan& plan, Stage& stage,
                              const std::vector<FeedPartition>& partitions) const {
  // A stage that reads it reads the feed as well, and says so for it.
  read(plan, stage, unplaced_input(catalog_, partitions), false);
}

void PlanParts::read_view(StagePlan& plan, Stage& stage, const std::string& view) const {
  const SourceRelation& source = catalog_.views().at(view);
  read(plan, stage, source_input("view_" + view, source), source.is_lance());
}

void PlanParts::read_pool(StagePlan& plan, Stage& stage) const {
  const SourceRelation& pool = *catalog_.pool();
  read(plan, stage, source_input("embedding_pool", pool), pool.is_lance());
}

void PlanParts::read(StagePlan& plan, Stage& stage, PlanInput input, bool is_lance) {
  stage.inputs.push_back(input.name);
  if (is_lance) stage.lance_sources.push_back(input.source);
  if (std::ranges::find(plan.inputs, input.name, &PlanInput::name) == plan.inputs.end())
    plan.inputs.push_back(std::move(input));
}

Relation PlanParts::encode_feed_columns(const std::string& events) const {
  return relation_of("encode_feed_columns", Form::kView, "encode_feed_columns",
                     encode_feed_columns_select(catalog_, sql_, events));
}

Relation PlanParts::enrich_spine_for_rolling(const std::string& events,
                                             const std::vector<RowColumn>& statics) const {
  std::string columns;
  std::set<std::string> views;
  for (const RowColumn& column : statics) {
    views.insert(column.view);
    columns += fmt::format(", {}.{}", quote_identifier("features_" + column.view),
                           quote_identifier(column.name));
  }
  return relation("enrich_spine_for_rolling", Form::kView, "enrich_spine_for_rolling",
                  {{"events", events},
                   {"static_columns", columns},
                   {"static_joins", feature_joins(views, "spine")}});
}

std::string PlanParts::feature_joins(const std::set<std::string>& views,
                                     const std::string& rows) const {
  std::string joins;
  for (const std::string& name : views) {
    joins +=
        fmt::format("LEFT JOIN {0} ON {0}.{1} = {2}.{1}\n", quote_identifier("features_" + name),
                    number_of_id(config_.feed.keys, config_.views.at(name).entity), rows);
  }
  return joins;
}

std::vector<std::string> PlanParts::order_columns() const {
  const FeedKeys& keys = config_.feed.keys;
  std::vector<std::string> columns{keys.time, "__tie", "__item", keys.event};
  const std::vector<std::string> passthrough = catalog_.passthrough();
  columns.insert(columns.end(), passthrough.begin(), passthrough.end());
  if (const auto session = catalog_.session()) columns.push_back(*session);
  // Encoded columns that are not passed through are no part of the order, but equal rows must not
  // differ by chance.
  for (const Encoding& encoding : config_.feed.encodings) columns.push_back(encoding.column);
  return columns;
}

std::string PlanParts::total_order(const std::string& direction) const {
  std::vector<std::string> keys;
  for (const std::string& column : order_columns()) keys.push_back(quote_identifier(column));
  return ordered(std::move(keys), direction);
}

std::string PlanParts::key_of(const WindowedJoin& join, std::string JoinKey::*side) {
  if (join.on.size() == 1) return quote_identifier(join.on.front().*side);
  std::vector<std::string> fields;
  for (const JoinKey& key : join.on)
    fields.push_back(fmt::format("k{} := {}", fields.size(), quote_identifier(key.*side)));
  return fmt::format("struct_pack({})", fmt::join(fields, ", "));
}

std::string ordered(std::vector<std::string> keys, const std::string& direction) {
  for (std::string& key : keys) key += " " + direction;
  return fmt::format("{}", fmt::join(keys, ", "));
}

std::vector<std::string> aggregated_events(const Config& config) {
  std::set<std::string> events;
  for (const AggregationSpec& spec : config.aggregation_specs)
    events.insert(spec.events.begin(), spec.events.end());
  return {events.begin(), events.end()};
}

std::vector<std::string> cumulative_events(const Config& config) {
  std::set<std::string> events;
  for (const AggregationSpec& spec : config.aggregation_specs) {
    if (spec.cumulative) events.insert(spec.events.begin(), spec.events.end());
  }
  return {events.begin(), events.end()};
}

void add_event_variables(const Config& config, StagePlan& plan) {
  const EmbeddingCoverageFilter& filter = config.runtime.embedding_coverage_filter;
  plan.variables.emplace_back("covers_all_events", filter.all_events ? "TRUE" : "FALSE");
  plan.variables.emplace_back("covered_events", quote_text_list(filter.events));
  plan.variables.emplace_back("aggregated_events", quote_text_list(aggregated_events(config)));
  plan.variables.emplace_back("cumulative_events", quote_text_list(cumulative_events(config)));
}

}  // namespace daedalus

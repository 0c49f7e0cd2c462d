// parse_aggregation_specs(): the list of aggregations.yaml by itself, for callers without a
// configuration.
#include "config/draft.h"
#include "config/yaml.h"
#include "daedalus/pit_input.h"

namespace daedalus {

std::vector<AggregationSpec> parse_aggregation_specs(const std::string& yaml) {
  config::Problems problems;
  const config::Origin origin{.file = "specs", .has_lines = false};
  std::optional<config::Node> specs = config::parse_yaml(yaml, origin, problems);
  config::Node none{.kind = config::Node::Kind::kSequence};
  config::Node file{.kind = config::Node::Kind::kMapping};
  file.add({"aggregation_specs", {}, specs ? std::move(*specs) : none});
  file.add({"windowed_joins", {}, none});
  config::Node root{.kind = config::Node::Kind::kMapping};
  root.add({"aggregations", {}, std::move(file)});
  config::Draft draft{.root = root, .problems = problems};
  config::read_aggregations(draft);
  if (!problems.empty()) throw Error(ErrorKind::kConfig, problems.sorted());
  return draft.config.aggregation_specs;
}

}  // namespace daedalus

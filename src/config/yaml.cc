// YAML text to a tree, from yaml-cpp's events: unlike its nodes, they tell of duplicate keys,
// aliases and further documents, and leave the limits to us.
#include "config/yaml.h"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <map>
#include <sstream>
#include <utility>

namespace daedalus::config {
namespace {

constexpr std::size_t kMaxDepth = 32;
constexpr std::size_t kMaxNodes = 200'000;

struct Extent {
  std::size_t nodes = 1;  // the node itself among them
  std::size_t depth = 0;  // of collections in one another
};

Extent extent_of(const Node& node) {
  Extent extent;
  const auto add = [&](const Node& child) {
    const Extent inner = extent_of(child);
    extent.nodes += inner.nodes;
    extent.depth = std::max(extent.depth, inner.depth);
  };
  for (const Node& item : node.items) add(item);
  for (const Entry& entry : node.entries) add(entry.value);
  if (node.is_sequence() || node.is_mapping()) ++extent.depth;
  return extent;
}

// The length of the UTF-8 sequence at the start of `text`, or 0 when there is none.
std::size_t sequence_length(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned first = byte(0);
  const std::size_t length = first < 0x80   ? 1
                             : first < 0xC2 ? 0
                             : first < 0xE0 ? 2
                             : first < 0xF0 ? 3
                             : first < 0xF5 ? 4
                                            : 0;
  if (length > text.size()) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xC0U) != 0x80U) return 0;
  }
  const unsigned second = length > 1 ? byte(1) : 0;
  const bool overlong = (first == 0xE0 && second < 0xA0) || (first == 0xF0 && second < 0x90);
  const bool surrogate = first == 0xED && second > 0x9F;
  const bool too_large = first == 0xF4 && second > 0x8F;
  return overlong || surrogate || too_large ? 0 : length;
}

bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    const std::size_t length = sequence_length(text);
    if (length == 0) return false;
    text.remove_prefix(length);
  }
  return true;
}

class TreeBuilder : public YAML::EventHandler {
 public:
  TreeBuilder(const Origin& origin, Problems& problems) : origin_(origin), problems_(problems) {}

  void OnDocumentStart(const YAML::Mark& mark) override {
    if (++documents_ > 1) fail(mark, "a second document in one file");
  }
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    finish(mark, make(mark, Node::Kind::kNull), anchor);
  }

  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    const auto found = anchors_.find(anchor);
    if (found == anchors_.end()) fail(mark, "an alias within its own anchor");
    const Extent extent = extent_of(found->second);
    count(mark, extent.nodes);
    check_depth(mark, stack_.size() + extent.depth);
    finish(mark, found->second, YAML::NullAnchor);
  }

  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    if (value.find('\0') != std::string::npos) fail(mark, "a NUL character");
    // yaml-cpp gives the Latin-1 byte for these two.
    if (!is_utf8(value)) fail(mark, "the escape \\_ or \\N: write \\u00a0 or \\u0085");
    Node node = make(mark, Node::Kind::kScalar);
    node.text = value;
    node.quoted = tag == "!" || tag == "tag:yaml.org,2002:str";
    if (!node.quoted) check_tag(mark, tag);
    finish(mark, std::move(node), anchor);
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value /*style*/) override {
    check_tag(mark, tag);
    open(mark, Node::Kind::kSequence, anchor);
  }
  void OnSequenceEnd() override { close(); }

  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value /*style*/) override {
    check_tag(mark, tag);
    open(mark, Node::Kind::kMapping, anchor);
  }
  void OnMapEnd() override { close(); }

  Node take() { return std::move(root_); }

 private:
  struct Frame {
    YAML::Mark mark;
    Node node;
    YAML::anchor_t anchor;
    std::optional<Entry> entry;  // a mapping's key that waits for its value
    bool has_bad_key = false;    // The value to come has no key to stand under.
  };

  [[noreturn]] static void fail(const YAML::Mark& mark, const std::string& what) {
    throw YAML::ParserException(mark, what);
  }

  // "?" is an untagged plain scalar, "!" a quoted one; yaml-cpp gives both to collections too.
  static void check_tag(const YAML::Mark& mark, const std::string& tag) {
    if (!tag.empty() && tag != "?" && tag != "!") fail(mark, "the tag " + tag + " is not read");
  }

  void count(const YAML::Mark& mark, std::size_t nodes) {
    nodes_ += nodes;
    if (nodes_ > kMaxNodes) fail(mark, "too many values");
  }

  static void check_depth(const YAML::Mark& mark, std::size_t depth) {
    if (depth > kMaxDepth) fail(mark, "values nested too deeply");
  }

  [[nodiscard]] SourceLocation at(const YAML::Mark& mark) const {
    return {origin_.file, origin_.has_lines ? mark.line + 1 : 0};
  }

  Node make(const YAML::Mark& mark, Node::Kind kind) {
    count(mark, 1);
    return Node{.kind = kind, .where = at(mark), .is_default = origin_.is_default};
  }

  void open(const YAML::Mark& mark, Node::Kind kind, YAML::anchor_t anchor) {
    check_depth(mark, stack_.size() + 1);
    stack_.push_back({mark, make(mark, kind), anchor, std::nullopt, false});
  }

  void close() {
    Frame frame = std::move(stack_.back());
    stack_.pop_back();
    finish(frame.mark, std::move(frame.node), frame.anchor);
  }

  void finish(const YAML::Mark& mark, Node node, YAML::anchor_t anchor) {
    if (anchor != YAML::NullAnchor) {
      count(mark, extent_of(node).nodes);  // What is kept for aliases takes room as they do.
      anchors_[anchor] = node;
    }
    if (stack_.empty()) {
      root_ = std::move(node);
      return;
    }
    Frame& frame = stack_.back();
    if (frame.node.is_sequence()) {
      frame.node.items.push_back(std::move(node));
    } else if (frame.has_bad_key) {
      frame.has_bad_key = false;
    } else if (!frame.entry) {
      take_key(frame, node);
    } else {
      // yaml-cpp places an absent value where the next token is.
      if (node.is_null()) node.where = frame.entry->where;
      frame.entry->value = std::move(node);
      add(frame.node, std::move(*frame.entry));
      frame.entry.reset();
    }
  }

  void take_key(Frame& frame, const Node& node) {
    if (node.is_scalar()) {
      frame.entry = Entry{.key = node.text, .where = node.where};
      return;
    }
    problems_.add(node.where, "a key must be text, not " + describe(node), "quote it");
    frame.has_bad_key = true;
  }

  void add(Node& mapping, Entry entry) {
    const Entry* other = mapping.find_entry(entry.key);
    if (other == nullptr) {
      mapping.add(std::move(entry));
      return;
    }
    const int line = other->where.line;
    const std::string first = line > 0 ? ", first on line " + std::to_string(line) : "";
    problems_.add(entry.where, "the key '" + entry.key + "' is given twice" + first,
                  "keep one of the two");
  }

  const Origin& origin_;
  Problems& problems_;
  std::vector<Frame> stack_;
  std::map<YAML::anchor_t, Node> anchors_;
  Node root_;
  std::size_t nodes_ = 0;
  int documents_ = 0;
};

// What makes `text` no text for YAML, with its line; an empty text when nothing does.
std::pair<std::string, int> unreadable(std::string_view text) {
  if (text.size() > kMaxYamlBytes) return {"the file is larger than 4 MiB", 0};
  int line = 1;
  while (!text.empty()) {
    const std::size_t length = sequence_length(text);
    if (length == 0) return {"not UTF-8 text", line};
    const auto byte = static_cast<unsigned char>(text[0]);
    if ((byte < 0x20 && byte != '\n' && byte != '\r' && byte != '\t') || byte == 0x7F) {
      return {"a control character", line};
    }
    if (byte == '\n') ++line;
    text.remove_prefix(length);
  }
  return {};
}

}  // namespace

std::optional<Node> parse_yaml(std::string_view text, const Origin& origin, Problems& problems) {
  const auto at = [&](int line) {
    return SourceLocation{origin.file, origin.has_lines ? line : 0};
  };
  if (const auto [what, line] = unreadable(text); !what.empty()) {
    problems.add(at(line), what, "save it as UTF-8 text");
    return std::nullopt;
  }
  TreeBuilder builder(origin, problems);
  try {
    // yaml-cpp takes the end of the text for the end of a quoted scalar; a mark of the document's
    // end it does not.
    const std::string ended = std::string(text) + (text.ends_with('\n') ? "...\n" : "\n...\n");
    std::istringstream stream{ended};
    YAML::Parser parser(stream);
    while (parser.HandleNextDocument(builder)) {
    }
  } catch (const YAML::Exception& error) {
    problems.add(at(error.mark.is_null() ? 0 : error.mark.line + 1),
                 "not valid YAML: " + error.msg);
    return std::nullopt;
  }
  Node root = builder.take();
  if (root.where.file.empty()) {
    root.where = at(1);
    root.is_default = origin.is_default;
  }
  return root;
}

}  // namespace daedalus::config

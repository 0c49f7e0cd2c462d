// What a scalar is, how a node is shown, and the way from a key to its node.
#include "config/node.h"

#include <algorithm>
#include <array>

namespace daedalus::config {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool all_of(std::string_view text, bool (*is)(char)) {
  return !text.empty() && std::all_of(text.begin(), text.end(), is);
}

std::string_view without_sign(std::string_view text) {
  if (!text.empty() && (text[0] == '-' || text[0] == '+')) text.remove_prefix(1);
  return text;
}

std::size_t skip_digits(std::string_view text, std::size_t from) {
  while (from < text.size() && is_digit(text[from])) ++from;
  return from;
}

// [-+]? ( \. [0-9]+ | [0-9]+ ( \. [0-9]* )? ) ( [eE] [-+]? [0-9]+ )?
bool is_float(std::string_view text) {
  text = without_sign(text);
  const std::size_t whole = skip_digits(text, 0);
  std::size_t at = whole;
  if (at < text.size() && text[at] == '.') {
    const std::size_t end = skip_digits(text, at + 1);
    if (whole == 0 && end == at + 1) return false;
    at = end;
  } else if (whole == 0) {
    return false;
  }
  if (at == text.size()) return true;
  if (text[at] != 'e' && text[at] != 'E') return false;
  return all_of(without_sign(text.substr(at + 1)), is_digit);
}

bool is_special_float(std::string_view text) {
  if (text == ".nan" || text == ".NaN" || text == ".NAN") return true;
  text = without_sign(text);
  return text == ".inf" || text == ".Inf" || text == ".INF";
}

bool is_boolean(std::string_view text) {
  constexpr std::array<std::string_view, 6> kWords = {"true",  "True",  "TRUE",
                                                      "false", "False", "FALSE"};
  return std::find(kWords.begin(), kWords.end(), text) != kWords.end();
}

bool is_plain(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
         std::string_view("_./").find(c) != std::string_view::npos;
}

std::string double_quoted(std::string_view text) {
  constexpr std::string_view kHex = "0123456789abcdef";
  std::string result = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      result += '\\';
      result += c;
    } else if (c == '\n') {
      result += "\\n";
    } else if (c == '\t') {
      result += "\\t";
    } else if (byte < 0x20 || byte == 0x7F) {
      result += "\\x";
      result += kHex[byte >> 4U];
      result += kHex[byte & 0xFU];
    } else {
      result += c;
    }
  }
  return result + '"';
}

std::string text_to_flow(const std::string& text) {
  Node plain{.kind = Node::Kind::kScalar, .text = text};
  const bool is_null = text == "null" || text == "Null" || text == "NULL";
  const bool safe = all_of(text, is_plain) && !is_null && scalar_type(plain) == ScalarType::kText;
  return safe ? text : double_quoted(text);
}

// One step of locate(): the child that the start of `key` names, which is then cut off.
const Node* descend(const Node& node, std::string_view& key) {
  if (node.is_sequence() && !key.empty() && key[0] == '[') {
    const std::size_t end = key.find(']');
    const std::string_view digits = key.substr(1, end == std::string_view::npos ? 0 : end - 1);
    if (!all_of(digits, is_digit) || digits.size() > 9) return nullptr;
    const auto index = static_cast<std::size_t>(std::stoul(std::string(digits)));
    if (index >= node.items.size()) return nullptr;
    key.remove_prefix(end + 1);
    return &node.items[index];
  }
  std::string_view rest = key;
  if (!rest.empty() && rest[0] == '.') rest.remove_prefix(1);
  // Names of entries may hold dots and brackets.
  if (const Node* whole = node.find(rest)) {
    key = {};
    return whole;
  }
  for (const Entry& entry : node.entries) {
    if (!rest.starts_with(entry.key)) continue;
    const std::string_view after = rest.substr(entry.key.size());
    if (!after.empty() && after[0] != '.' && after[0] != '[') continue;
    key = after;
    return &entry.value;
  }
  return nullptr;
}

}  // namespace

const Entry* Node::find_entry(std::string_view key) const {
  const auto place = places.find(key);
  return place != places.end() ? &entries[place->second] : nullptr;
}

const Node* Node::find(std::string_view key) const {
  const Entry* entry = find_entry(key);
  return entry != nullptr ? &entry->value : nullptr;
}

Node* Node::find(std::string_view key) {
  const Node* found = static_cast<const Node*>(this)->find(key);
  return const_cast<Node*>(found);  // NOLINT(*-const-cast): a part of *this, which is not const
}

Node& Node::add(Entry entry) {
  places.emplace(entry.key, entries.size());
  return entries.emplace_back(std::move(entry)).value;
}

ScalarType scalar_type(const Node& scalar) {
  if (scalar.quoted) return ScalarType::kText;
  const std::string_view text = scalar.text;
  if (is_boolean(text)) return ScalarType::kBoolean;
  const auto is_octal = [](char c) { return c >= '0' && c <= '7'; };
  const auto is_hex = [](char c) {
    return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
  };
  if (all_of(without_sign(text), is_digit) ||
      (text.starts_with("0o") && all_of(text.substr(2), is_octal)) ||
      (text.starts_with("0x") && all_of(text.substr(2), is_hex))) {
    return ScalarType::kInteger;
  }
  return is_float(text) || is_special_float(text) ? ScalarType::kFloat : ScalarType::kText;
}

std::string describe(const Node& node) {
  switch (node.kind) {
    case Node::Kind::kNull:
      return "nothing";
    case Node::Kind::kSequence:
      return "a list";
    case Node::Kind::kMapping:
      return "a mapping";
    case Node::Kind::kScalar:
      break;
  }
  switch (scalar_type(node)) {
    case ScalarType::kBoolean:
      return node.text;
    case ScalarType::kInteger:
    case ScalarType::kFloat:
      return "the number " + node.text;
    case ScalarType::kText:
      break;
  }
  return "the text '" + node.text + "'";
}

std::string to_flow(const Node& node) {
  std::string text;
  const auto separate = [&text] {
    if (text.size() > 1) text += ", ";
  };
  switch (node.kind) {
    case Node::Kind::kNull:
      return "null";
    case Node::Kind::kScalar:
      return scalar_type(node) == ScalarType::kText ? text_to_flow(node.text) : node.text;
    case Node::Kind::kSequence:
      text = "[";
      for (const Node& item : node.items) {
        separate();
        text += to_flow(item);
      }
      return text + "]";
    case Node::Kind::kMapping:
      break;
  }
  text = "{";
  for (const Entry& entry : node.entries) {
    separate();
    text += text_to_flow(entry.key) + ": " + to_flow(entry.value);
  }
  return text + "}";
}

Found locate(const Node& root, std::string_view key) {
  const Node* node = &root;
  while (!key.empty()) {
    const Node* child = descend(*node, key);
    if (child == nullptr) return {node, key};
    node = child;
  }
  return {node, {}};
}

std::string tell_item(const std::string& list, std::size_t index, const std::string& name) {
  constexpr std::size_t kLongest =
      80;  // Of a name that tells an item and does not bury the message.
  const bool tells = !name.empty() && name.size() <= kLongest &&
                     std::ranges::none_of(name, [](char c) { return c >= 0 && c < ' '; });
  return list + "[" + std::to_string(index) + "]" + (tells ? " (" + name + ")" : "");
}

std::string tell_item(const std::string& list, std::size_t index, const Node& item) {
  constexpr std::array<std::string_view, 5> kListsOfNames = {
      "feature_refs", "features", "output_columns", "passthrough", "path_columns"};
  const std::string_view own = std::string_view(list).substr(list.rfind('.') + 1);
  const bool of_names = std::ranges::find(kListsOfNames, own) != kListsOfNames.end();
  const Node* name = item.is_scalar() && of_names ? &item : item.find("name");
  return tell_item(list, index, name != nullptr && name->is_scalar() ? name->text : "");
}

std::string tell_key(const Node& root, std::string_view key) {
  std::string told;
  const Node* node = &root;
  while (!key.empty()) {
    const std::string_view before = key;
    const Node* child = descend(*node, key);
    if (child == nullptr) return told.append(key);
    if (node->is_sequence()) {
      told = tell_item(told, static_cast<std::size_t>(child - node->items.data()), *child);
    } else {
      told += before.substr(0, before.size() - key.size());
    }
    node = child;
  }
  return told;
}

}  // namespace daedalus::config

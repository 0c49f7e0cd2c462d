#include "catalog/text_memory.h"

#include <fmt/format.h>

#include <fstream>
#include <nlohmann/json.hpp>

namespace daedalus {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

// Of the form of these files, and of how values are looked at.
constexpr int kVersion = 1;

std::optional<json> read_json(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return std::nullopt;
  json read = json::parse(file, nullptr, false);
  if (!read.is_object()) throw std::invalid_argument("it is no JSON object");
  return read;
}

TextShape shape_in(const json& of) {
  auto shape = TextShape::from_json(of.dump());
  if (!shape) throw std::invalid_argument("the values of a column are not of its form");
  return *shape;
}

json shape_json(const TextShape& shape) { return json::parse(shape.to_json()); }

json file_json(const InputFile& file) {
  return {{"path", file.path}, {"bytes", file.bytes}, {"mtime_us", file.mtime_us}};
}

InputFile file_in(const json& of) { return {of.at("path"), of.at("bytes"), of.at("mtime_us")}; }

json column_json(const FileColumn& column) {
  json of{{"name", column.name}, {"place", column.place}, {"type", column.type}};
  if (column.text) of["values"] = shape_json(*column.text);
  return of;
}

FileColumn column_in(const json& of) {
  FileColumn column{of.at("name"), "", of.at("type"), {}, of.at("place")};
  if (of.contains("values")) column.text = shape_in(of.at("values"));
  return column;
}

std::string text_of(const json& object) {
  return object.dump(1, ' ', false, json::error_handler_t::replace) + "\n";
}

}  // namespace

TextMemory::TextMemory(const fs::path& output_root) {
  try {
    const json types =
        read_json(output_root / kTypesFile).value_or(json{{"sources", json::object()}});
    for (const auto& [source, columns] : types.at("sources").items()) {
      for (const auto& [name, column] : columns.items())
        known_[source][name] = shape_in(column.at("values"));
    }
  } catch (const std::exception& error) {
    throw Error(
        ErrorKind::kEnvironment,
        fmt::format("{} can't be read: {}", (output_root / kTypesFile).string(), error.what()),
        "put it back from a copy, or remove it: types are then found again in all rows");
  }
  try {
    const auto files = read_json(output_root / kFilesFile);
    if (!files || files->at("version") != kVersion) return;
    for (const json& of : files->at("files")) {
      Seen seen{of.at("question"), {}};
      InspectedDataset& inspected = seen.inspected;
      inspected.dataset.files = {file_in(of)};
      inspected.delimiter = static_cast<char>(of.at("delimiter").get<int>());
      inspected.width = of.at("width");
      for (const auto& [name, column] : of.at("columns").items())
        inspected.columns[name] = column_in(column);
      seen_[of.at("path")] = std::move(seen);
    }
  } catch (const std::exception&) {
    seen_.clear();  // it only spares time
  }
}

const KnownShapes& TextMemory::known(const std::string& source) const {
  static const KnownShapes kNone;
  const auto found = known_.find(source);
  return found == known_.end() ? kNone : found->second;
}

void TextMemory::know(const std::string& source, KnownShapes shapes) {
  if (shapes.empty()) return;
  known_[source] = std::move(shapes);
}

bool TextMemory::recall(const std::string& question, InspectedDataset& inspected) const {
  const std::vector<InputFile>& files = inspected.dataset.files;
  const auto found = files.size() == 1 ? seen_.find(files[0].path) : seen_.end();
  if (found == seen_.end() || found->second.question != question ||
      found->second.inspected.dataset.files != files)
    return false;
  const InspectedDataset& seen = found->second.inspected;
  inspected.columns = seen.columns;
  inspected.delimiter = seen.delimiter;
  inspected.width = seen.width;
  return true;
}

void TextMemory::remember(const std::string& question, const InspectedDataset& inspected) {
  if (!inspected.is_fine() || inspected.dataset.files.size() != 1) return;
  Seen& seen = seen_[inspected.dataset.files[0].path] = {question, inspected};
  std::erase_if(seen.inspected.columns, [](const auto& column) { return column.second.from_path; });
  has_new_files_ = true;
}

std::string TextMemory::types_json() const {
  json sources = json::object();
  for (const auto& [source, shapes] : known_) {
    for (const auto& [name, shape] : shapes)
      sources[source][name] = {{"type", shape.type()}, {"values", shape_json(shape)}};
  }
  return text_of({{"version", kVersion}, {"sources", sources}});
}

std::string TextMemory::files_json() const {
  json files = json::array();
  for (const auto& [path, seen] : seen_) {
    const InspectedDataset& inspected = seen.inspected;
    json of = file_json(inspected.dataset.files[0]);
    of["question"] = seen.question;
    of["delimiter"] = static_cast<int>(inspected.delimiter);
    of["width"] = inspected.width;
    of["columns"] = json::object();
    for (const auto& [name, column] : inspected.columns) of["columns"][name] = column_json(column);
    files.push_back(std::move(of));
  }
  return text_of({{"version", kVersion}, {"files", files}});
}

}  // namespace daedalus

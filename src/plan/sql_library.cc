#include "plan/sql_library.h"

#include <fstream>
#include <sstream>

#include "base/embedded.h"
#include "base/template.h"
#include "daedalus/error.h"

namespace daedalus {

SqlLibrary::SqlLibrary(std::filesystem::path sql_dir) : sql_dir_(std::move(sql_dir)) {
  if (!sql_dir_.empty() && !std::filesystem::is_directory(sql_dir_)) {
    throw Error(ErrorKind::kConfig, "--sql-dir " + sql_dir_.string() + " is no directory",
                "give the directory that holds edited copies of sql/skeleton/*.sql");
  }
}

std::string SqlLibrary::select(const std::string& name,
                               const std::map<std::string, std::string>& markers) const {
  const std::filesystem::path edited = sql_dir_ / (name + ".sql");
  if (sql_dir_.empty() || !std::filesystem::exists(edited)) {
    return fill_template(embedded_file("sql/skeleton/" + name + ".sql"), markers);
  }
  std::ifstream file(edited);
  std::stringstream text;
  text << file.rdbuf();
  if (!file) throw Error(ErrorKind::kConfig, "can't read " + edited.string());
  return fill_template(text.str(), markers);
}

}  // namespace daedalus

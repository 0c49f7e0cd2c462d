#include "sink/replace_file.h"

#include <cerrno>
#include <cstdio>

#include "base/fault_point.h"
#include "sink/file.h"
#include "sink/publish.h"
#include "sink/work_directory.h"

namespace daedalus {

void replace_file(const std::filesystem::path& output_root, const std::string& name,
                  const std::string& text, const char* fault) {
  refuse_link(output_root / name);
  const WorkDirectory work(output_root, "replace");
  const std::filesystem::path temporary = work.path() / "file";
  write_file_synced(temporary, text);
  fault_point(fault);
  if (::rename(temporary.c_str(), (output_root / name).c_str()) != 0)
    throw machine_error("can't replace", output_root / name, errno);
}

}  // namespace daedalus

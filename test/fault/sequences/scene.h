// What the program is given: a configuration and the files of a small world, and by hand what
// follows from them. No run of the program is asked.
#pragma once

#include <array>
#include <compare>
#include <filesystem>
#include <string>
#include <vector>

namespace daedalus {

using Days = std::vector<int>;  // places in kDays, ascending unless said otherwise
using Sessions = std::vector<std::string>;

inline const std::array<std::string, 3> kDays{"2026-05-02", "2026-05-03", "2026-05-04"};
inline const Days kAllDays{0, 1, 2};

/// Which of its two contents a file has, and which of two times for each.
struct SourceFile {
  int content = 0;
  int time = 0;
  auto operator<=>(const SourceFile&) const = default;
};

struct Scene {
  std::string hidden = "ben";          ///< Whom the content filter drops.
  std::string memory_limit = "500MB";  ///< Of no consequence for any row.
  SourceFile artworks;                 ///< A view.
  std::array<SourceFile, kDays.size()> feed;
  auto operator<=>(const Scene&) const = default;
};

/// The scene with all that can't change `day` as it is at first: equal ones give equal days.
Scene seen_by(int day, Scene scene);

/// The sessions of a day's rows, in the order in which they are numbered.
Sessions sessions_of(const Scene& scene, int day);

/// `known`, and then the sessions of these days, in this order, that it does not have.
Sessions extended(Sessions known, const Scene& scene, const Days& days);

/// The rows of a day, as what kRowText makes of them; the qid of a session is its place in
/// `numbered`, from 1.
std::vector<std::string> rows_of(const Scene& scene, int day, const Sessions& numbered);
extern const char* const kRowText;  // a SQL expression

/// Writes the configuration and all files, below `world`.
void write(const Scene& scene, const std::filesystem::path& world);

}  // namespace daedalus

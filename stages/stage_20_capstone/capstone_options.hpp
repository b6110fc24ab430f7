#pragma once
// What the program of this stage is told.

#include <filesystem>
#include <string>

namespace CLI {  // NOLINT(readability-identifier-naming): CLI11's own name
class App;
}

namespace nt {

struct CapstoneOptions {
  std::string weights;  ///< a file, or empty: what other stages have left, or else the replay
  bool replay = false;  ///< the replay in any case
  std::string page;     ///< empty: out/20_capstone.html
  std::string proofs;   ///< a folder, or empty: out/proofs
  bool prove_all = false;
  double seconds = 300;  ///< that each program of --prove-all may take
  int quiz = -1;         ///< questions; -1: 5 where there is somebody to ask

  std::filesystem::path page_path() const;
  std::filesystem::path proofs_folder() const;
};

/// The folder out/ of the project, where stages leave what they write. Creates it.
std::filesystem::path out_folder();

/// Adds them. What makes no sense is refused while the command line is read, and so is a page that
/// could not be written, by UsageError
///   `--page: no such folder: /nowhere`
/// `options` must outlive the app.
void add_capstone_options(CLI::App& app, CapstoneOptions& options);

}  // namespace nt

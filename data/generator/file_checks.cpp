#include <sys/resource.h>
#include <sys/wait.h>
#include <zlib.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "check/catch.hpp"
#include "core/errors.hpp"
#include "core/files.hpp"
#include "core/paths.hpp"
#include "core/scratch_folder.hpp"
#include "generator/idx.hpp"

namespace {

namespace fs = std::filesystem;
using nt::Digits;
using nt::DigitSet;
using Names = std::vector<std::string>;

const Names kNames = {"t10k-images-idx3-ubyte.gz", "t10k-labels-idx1-ubyte.gz",
                      "train-images-idx3-ubyte.gz", "train-labels-idx1-ubyte.gz"};

const Digits kFew = nt::make_digits(1, DigitSet::train, 10);
const Digits kMany = nt::make_digits(1, DigitSet::test, 1000);

/// The content of a gzip file as zlib reads it.
std::string gunzip(const fs::path& path) {
  INFO(path.string());
  const std::unique_ptr<gzFile_s, int (*)(gzFile)> file(gzopen(path.c_str(), "rb"), &gzclose);
  REQUIRE(file != nullptr);
  std::string content;
  std::array<char, 1 << 16> block{};
  int count = 0;
  while ((count = gzread(file.get(), block.data(), block.size())) > 0) {
    content.append(block.data(), static_cast<std::size_t>(count));
  }
  REQUIRE(count == 0);
  return content;
}

Names names_in(const fs::path& folder) {
  Names names;
  for (const auto& entry : fs::directory_iterator(folder)) names.push_back(entry.path().filename());
  std::sort(names.begin(), names.end());
  return names;
}

/// While it lives, no file grows beyond so many bytes, as on a disk that is nearly full.
class FullDisk {
 public:
  explicit FullDisk(rlim_t bytes) : handler_(std::signal(SIGXFSZ, SIG_IGN)) {
    getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit small{bytes, before_.rlim_max};
    setrlimit(RLIMIT_FSIZE, &small);
  }
  FullDisk(const FullDisk&) = delete;
  FullDisk& operator=(const FullDisk&) = delete;
  ~FullDisk() {
    setrlimit(RLIMIT_FSIZE, &before_);
    std::signal(SIGXFSZ, handler_);
  }

 private:
  rlimit before_{};
  void (*handler_)(int);
};

struct Outcome {
  std::string text;  ///< all that the program said
  int status;
};

Outcome draw_digits(const std::string& arguments) {
  const std::string command = "'" DRAW_DIGITS "' " + arguments + " 2>&1";
  std::FILE* pipe = popen(command.c_str(), "r");
  REQUIRE(pipe != nullptr);
  std::string text;
  for (int c = std::fgetc(pipe); c != EOF; c = std::fgetc(pipe)) text += static_cast<char>(c);
  return {text, WEXITSTATUS(pclose(pipe))};
}

}  // namespace

TEST_CASE("the committed digits are those that the generator draws from seed 1", "[data]") {
  const fs::path folder = nt::project_root() / "data" / "digits";
  const Digits train = nt::make_digits(1, DigitSet::train, 2000);
  const Digits test = nt::make_digits(1, DigitSet::test, 1000);
  CHECK((gunzip(folder / "train-images-idx3-ubyte.gz") == nt::idx_images(train)));
  CHECK((gunzip(folder / "train-labels-idx1-ubyte.gz") == nt::idx_labels(train)));
  CHECK((gunzip(folder / "t10k-images-idx3-ubyte.gz") == nt::idx_images(test)));
  CHECK((gunzip(folder / "t10k-labels-idx1-ubyte.gz") == nt::idx_labels(test)));
}

TEST_CASE("the files open with MNIST's headers", "[data]") {
  using namespace std::string_literals;
  const std::string images = nt::idx_images(kMany);
  const std::string labels = nt::idx_labels(kMany);
  CHECK((images.substr(0, 16) == "\0\0\x08\x03\0\0\x03\xe8\0\0\0\x1c\0\0\0\x1c"s));
  CHECK((labels.substr(0, 8) == "\0\0\x08\x01\0\0\x03\xe8"s));
  REQUIRE(images.size() == 16 + 1000 * 28 * 28);
  REQUIRE(labels.size() == 8 + 1000);
  CHECK(static_cast<std::uint8_t>(images[16 + 28 * 28 + 400]) == kMany.pictures[1][400]);
  CHECK(static_cast<std::uint8_t>(labels[8 + 1]) == kMany.labels[1]);
}

TEST_CASE("the gzip header carries neither name nor time", "[data]") {
  CHECK((nt::gzip("digits").substr(0, 8) == std::string("\x1f\x8b\x08\0\0\0\0\0", 8)));
}

TEST_CASE("a data set is four files in a folder that need not be there", "[data]") {
  const nt::ScratchFolder scratch;
  const fs::path& folder = scratch.path();
  nt::write_data_set(folder / "new/digits", kFew, kMany);
  CHECK(names_in(folder / "new/digits") == kNames);
  CHECK((gunzip(folder / "new/digits/t10k-labels-idx1-ubyte.gz") == nt::idx_labels(kMany)));
}

TEST_CASE("a folder that cannot be made is named in the error", "[data]") {
  const nt::ScratchFolder scratch;
  const fs::path& folder = scratch.path();
  const fs::path taken = folder / "taken";
  nt::write_file(taken, "precious");
  CHECK_THROWS_AS(nt::write_data_set(taken, kFew, kFew), nt::FileError);
  CHECK_THROWS_WITH(nt::write_data_set(taken, kFew, kFew),
                    nt::contains_text("taken: cannot be created: "));
  CHECK(nt::read_file(taken) == "precious");
  CHECK(names_in(folder) == Names{"taken"});
}

TEST_CASE("a full disk leaves the digits as they were and nothing beside them", "[data]") {
  const nt::ScratchFolder scratch;
  const fs::path& folder = scratch.path();
  nt::write_data_set(folder / "digits", kFew, kFew);
  {
    const FullDisk disk(50'000);  // ten images fit, a thousand do not
    CHECK_THROWS_WITH(nt::write_data_set(folder / "digits", kMany, kFew),
                      nt::contains_text("train-images-idx3-ubyte.gz: cannot be written: "));
  }
  CHECK(names_in(folder / "digits") == kNames);
  CHECK((gunzip(folder / "digits/train-images-idx3-ubyte.gz") == nt::idx_images(kFew)));
}

TEST_CASE("draw_digits answers a wrong command line with one line and status 2", "[data]") {
  const auto [arguments, culprit] = GENERATE(table<std::string, std::string>({
      {"--output /dev/null/x --train 0", "--train"},
      {"--output /dev/null/x --test many", "--test"},
      {"--output /dev/null/x --seed -1", "--seed"},
      {"--output /dev/null/x --shape", "--shape"},
      {"--train 10", "--output"},
  }));
  const Outcome outcome = draw_digits(arguments);
  CHECK(outcome.status == 2);
  CHECK(outcome.text.find("draw_digits: ") == 0);
  CHECK(outcome.text.find(culprit) != std::string::npos);
  CHECK(outcome.text.find('\n') == outcome.text.size() - 1);
}

TEST_CASE("draw_digits says what it has written", "[data]") {
  const nt::ScratchFolder scratch;
  const fs::path& folder = scratch.path();
  const std::string path = (folder / "digits").string();
  const Outcome outcome = draw_digits("--train 20 --test 10 --seed 3 --output " + path);
  CHECK(outcome.text == "draw_digits: 20 train and 10 test digits from seed 3 in " + path + "\n");
  CHECK(outcome.status == 0);
  CHECK(names_in(path) == kNames);
}

TEST_CASE("draw_digits answers an unwritable folder with one line and status 1", "[data]") {
  const Outcome outcome = draw_digits("--train 1 --test 1 --output /dev/null/digits");
  CHECK(outcome.text == "draw_digits: /dev/null/digits: cannot be created: Not a directory\n");
  CHECK(outcome.status == 1);
}

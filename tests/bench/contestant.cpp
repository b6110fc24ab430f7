#include "contestant.hpp"

#include <fmt/format.h>

#include <iostream>
#include <sstream>

#include "core/errors.hpp"

namespace nt::bench {
namespace {

void do_jobs(const Contestant& contestant) {
  std::cout << contestant.introduction.dump() << std::endl;
  for (std::string line; std::getline(std::cin, line);) {
    std::istringstream words(line);
    std::string first;
    words >> first;
    const Turn turn = contestant.turn(first, words);
    if (!words) throw UsageError(fmt::format("no such job: '{}'", line));
    std::cout << nlohmann::json{{"amount", turn.amount},
                                {"seconds", turn.seconds},
                                {"answer", turn.answer}}
                     .dump()
              << std::endl;
  }
}

int threads_from(const std::string& text) {
  int threads = 0;
  std::istringstream(text) >> threads;
  if (threads < 1) throw UsageError(fmt::format("threads should be 1 or more, found '{}'", text));
  return threads;
}

}  // namespace

int serve(int argc, char** argv,
          const std::function<Contestant(const std::string& name, int threads)>& make) try {
  if (argc != 3) throw UsageError("expected NAME THREADS");
  Contestant contestant = make(argv[1], threads_from(argv[2]));
  contestant.introduction["compiler"] = NT_COMPILER;
  do_jobs(contestant);
  return 0;
} catch (const UsageError& error) {
  fmt::print(stderr, "{}: {}\n", argv[0], error.what());
  return 2;
} catch (const std::exception& error) {
  fmt::print(stderr, "{}: {}\n", argv[0], error.what());
  return 1;
}

}  // namespace nt::bench

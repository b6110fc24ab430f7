// The main() of a lower stage's program that has the fast backend linked to it: everything else is
// the stage's own. The stage cannot know stage 17; here, above both, they meet.

#include "install_fast.hpp"
#include "program/program.hpp"

int main(int argc, char** argv) {
  nt::Program program = nt::program();
  program.backends.insert(program.backends.begin(), nt::Backend::fast);
  program.run = [run = program.run](const nt::Options& options, nt::Proofs& proofs) {
    nt::install_fast();
    run(options, proofs);
  };
  return nt::run(program, argc, argv);
}

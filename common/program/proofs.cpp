#include "program/proofs.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "check/compare.hpp"

namespace nt {

void Proofs::at_most(std::string name, std::string measure, double value, double limit) {
  const Proof& proof =
      proofs_.emplace_back(Proof{std::move(name), std::move(measure), value, limit});
  fmt::print("proof  {:<52}  {:<12} {:>9.3g}   limit {:<7.3g} {}\n", proof.name, proof.measure,
             proof.value, proof.limit, proof.holds() ? "ok" : "FAILED");
}

void Proofs::close(std::string name, const HostArray& actual, const HostArray& expected,
                   double limit) {
  at_most(std::move(name), "max |d|", largest_difference(actual, expected), limit);
  if (proofs_.back().holds()) return;
  fmt::print("{}\n", compare(actual, expected, static_cast<float>(limit)).report);
}

bool Proofs::hold() const {
  return !proofs_.empty() &&
         std::all_of(proofs_.begin(), proofs_.end(), [](const Proof& p) { return p.holds(); });
}

std::string Proofs::verdict() const {
  if (proofs_.empty()) return program_ + ": nothing was proved";
  const auto holding =
      std::count_if(proofs_.begin(), proofs_.end(), [](const Proof& p) { return p.holds(); });
  return fmt::format("{}: {} proofs, {} hold", program_, proofs_.size(), holding);
}

}  // namespace nt

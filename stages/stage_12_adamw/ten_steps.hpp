#pragma once
// What PyTorch froze of AdamW alone: for several settings ten steps from the same start, with the
// same ten gradients.

#include "adamw.hpp"
#include "frozen.hpp"

namespace nt {

struct TenSteps {
  const char* name;  ///< below `optimizers/` in the frozen operations
  AdamWSettings settings;
};

/// The settings of reference/fixtures_pytorch.py.
inline constexpr TenSteps kTenSteps[] = {
    {"adamw", {.lr = 0.01F}},
    {"adamw_no_decay", {.lr = 0.01F, .weight_decay = 0}},
    {"adamw_betas", {.lr = 0.01F, .beta1 = 0.5F, .beta2 = 0.9F, .weight_decay = 0.1F}},
    {"adamw_eps", {.lr = 0.01F, .eps = 1e-3F}}};

/// The weight after every step of `update`: (10, 4, 3), as frozen.
HostArray take_ten_steps(const AdamWUpdate& update, const AdamWSettings& settings,
                         const Frozen& operations);

}  // namespace nt

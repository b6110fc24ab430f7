#pragma once
// The `fast` column of the op table, and what else the fast backend brings.

namespace nt {

/// Fills the column, installs the fused layers and the AdamW step, and what lies below. May be
/// called again.
void install_fast();

}  // namespace nt

package io.collapsewatch.analyzer.reference;

import java.util.Optional;

/**
 * {@code mse-ufm-relu}: as {@code mse-ufm-extended} with σ(W₁H₁) in place of W₁H₁. The minimum has
 * the same objective, outputs and W₂; σ(W₁H₁) is an orthogonal frame there, H₁ and W₁ are not.
 * Descent to it is slow. Source: Tirer and Bruna 2022, equation 24.
 */
final class MseUfmRelu extends ExtendedModel {

  private final Optional<Equilibrium> equilibrium;

  MseUfmRelu(ModelSettings settings) {
    super(settings, OutputLoss::square, true);
    this.equilibrium = MseUfmExtended.equilibrium(settings);
  }

  /** See {@link MseUfmExtended}; ‖h‖² is that of the linear model. */
  @Override
  public Optional<Equilibrium> equilibrium() {
    return equilibrium;
  }
}

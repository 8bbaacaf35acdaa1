package io.collapsewatch.browser;

import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives each test a {@link Tab} of its own as a parameter, and fails it if anything went wrong in
 * there. Without a browser the tests are skipped, but not in continuous integration.
 */
public final class InBrowser implements ExecutionCondition, ParameterResolver, AfterEachCallback {

  private static final Namespace OURS = Namespace.create(InBrowser.class);

  @Override
  public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
    boolean required = "true".equals(System.getenv("CI"));
    return required || Browser.find().isPresent()
        ? ConditionEvaluationResult.enabled("a browser is there or must be")
        : ConditionEvaluationResult.disabled(
            "the page is not tested: no chromium is on the PATH; apt-get install chromium");
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == Tab.class;
  }

  @Override
  public Tab resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return context
        .getStore(OURS)
        .computeIfAbsent(Tab.class, key -> browser(context).tab(), Tab.class);
  }

  /** One for all tests; the store closes it after the last. */
  private static Browser browser(ExtensionContext context) {
    return context
        .getRoot()
        .getStore(OURS)
        .computeIfAbsent(Browser.class, key -> Browser.start(), Browser.class);
  }

  @Override
  public void afterEach(ExtensionContext context) {
    Tab tab = context.getStore(OURS).get(Tab.class, Tab.class);
    if (tab != null && !tab.problems().isEmpty()) {
      throw new AssertionError("in the browser: " + tab.problems());
    }
  }
}

package import Model

/// Whether a service may be stopped now.
package struct IdleQuestion: Hashable, Codable, Sendable {
    /// Says so by its exit code.
    package let hook: HookRun
    /// Pause before it is asked.
    package let after: TimeSpan

    package init(hook: HookRun, after: TimeSpan) {
        self.hook = hook
        self.after = after
    }
}

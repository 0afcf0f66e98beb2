/// Whom to tell of what happens in one environment, besides whoever watches; all of it may be missing.
package struct NoticeTargets: Hashable, Sendable {
    /// Gets a POST with `{"text": …}`, as Slack's incoming webhooks take it.
    package var webhook: Webhook?
    /// Program and arguments, which gets JSON on standard input; empty is none.
    package var command: [String]

    package init(webhook: Webhook? = nil, command: [String] = []) {
        self.webhook = webhook
        self.command = command
    }
}

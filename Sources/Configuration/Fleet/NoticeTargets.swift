/// Whom to tell of what happens in one environment, besides whoever watches; all of it may be missing.
package struct NoticeTargets: Hashable, Sendable {
    /// `http` or `https`; gets a POST with `{"text": …}`, as Slack's incoming webhooks take it.
    package var webhook: String?
    /// Program and arguments, which gets JSON on standard input; empty is none.
    package var command: [String]

    package init(webhook: String? = nil, command: [String] = []) {
        self.webhook = webhook
        self.command = command
    }
}

internal import Model

/// The word to systemd-journald to store all that was written to it so far, as `journalctl --sync` gives it.
///
/// A process that has just ended may have left its last words in a socket that journald comes to only later.
struct JournalSync {
    /// Varlink: JSON that ends with NUL.
    private static let call = #"{"method":"io.systemd.Journal.Synchronize"}"#

    var path = "/run/systemd/journal/io.systemd.journal"
    /// More than a loaded machine takes; after it what is there must do.
    var patience = TimeSpan.seconds(2)

    /// Returns when it is done, or when journald can't be asked; blocks.
    func wait() {
        let dialogue = SocketDialogue(path: path, terminator: 0, patience: patience)
        _ = try? dialogue.ask(Array(Self.call.utf8))
    }
}

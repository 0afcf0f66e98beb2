import Glibc

/// Standard output for results, standard error for everything else.
enum Console {
    /// A line of the result.
    static func result(_ text: String) { write(text + "\n", to: STDOUT_FILENO) }

    /// A line for the person who watches.
    static func note(_ text: String) { write(text + "\n", to: STDERR_FILENO) }

    /// Bytes for the person's terminal as they are.
    static func draw(_ text: String) { write(text, to: STDERR_FILENO) }

    static var isInteractive: Bool { isatty(STDIN_FILENO) == 1 && isatty(STDERR_FILENO) == 1 }

    /// Whether lines on standard error may be drawn over.
    static var isTerminal: Bool {
        guard isatty(STDERR_FILENO) == 1 else { return false }
        let kind = getenv("TERM").map { String(cString: $0) }
        return kind != nil && kind != "dumb"
    }

    /// Columns and rows of the terminal.
    static var size: (columns: Int, rows: Int) {
        var size = winsize()
        guard ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0, size.ws_row > 0 else {
            return (80, 24)
        }
        return (Int(size.ws_col), Int(size.ws_row))
    }

    /// Bytes of the result as they are.
    static func write(_ bytes: [UInt8]) { write(bytes, to: STDOUT_FILENO) }

    private static func write(_ text: String, to descriptor: Int32) { write(Array(text.utf8), to: descriptor) }

    private static func write(_ bytes: [UInt8], to descriptor: Int32) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return }  // nobody reads
            rest = rest.dropFirst(count)
        }
    }
}

/// Bytes that nobody may see by accident: keys, tokens, passwords.
///
/// It prints redacted, also inside other values, to a debugger and to `dump`, and it can't be encoded: whoever needs the
/// bytes asks for them by name.
package struct Secret: Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    private let bytes: [UInt8]

    package init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// The bytes themselves, for the one place that uses them.
    package func reveal() -> [UInt8] { bytes }

    package var description: String { "(redacted)" }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: []) }
}

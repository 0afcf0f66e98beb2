/// The descriptors that `fleet-unpack` is started with.
package enum ToolDescriptor: Int32, CaseIterable, Sendable {
    /// The artifact or stream to read.
    case input = 0
    /// What the mode makes: manifest, archive, decoded bytes, file, listing.
    case output = 1
    /// Free text, shown when the child crashed.
    case messages = 2
    /// The directory to fill or to pack.
    case directory = 3
    /// The one line of `ToolReport`.
    case report = 4
}

/// Where an environment's hosts come from when they do not stand in `fleet.yml`.
///
/// Reading the file, or running it if it is executable, is the caller's; the bytes go to `InventoryFile.parse`.
package struct InventoryRequest: Hashable, Sendable {
    /// As written, relative to the directory of `fleet.yml`.
    package let path: String
    /// The Ansible group to take; nil means all hosts.
    package let group: String?
    /// Where `fleet.yml` names it.
    package let mark: Mark

    /// What an executable inventory is called with, as Ansible calls it.
    package static let arguments = ["--list"]
}

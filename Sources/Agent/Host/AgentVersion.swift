/// The version of this software; the package's own version is made from it.
package enum AgentVersion {
    package static let text = "0.1.0"
}

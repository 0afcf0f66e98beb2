/// The version of this software; the package's own version is made from it.
package enum CoordinatorVersion {
    package static let text = "0.1.0"
}

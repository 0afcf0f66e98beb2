extension Unicode.Scalar {
    /// Whether nobody sees it where text is shown, and it may move the cursor or hide what stands around it.
    package var isUnseen: Bool {
        switch properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .surrogate, .unassigned: true
        case _: false
        }
    }
}
